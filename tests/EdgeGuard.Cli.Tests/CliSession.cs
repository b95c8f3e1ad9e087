using EdgeGuard.Testing;

namespace EdgeGuard.Cli.Tests;

/// <summary>A user in a folder of their own: runs commands in this process with everything around them captured.</summary>
internal sealed class CliSession : IDisposable
{
    public CliSession()
    {
        Folder = Path.Combine(Path.GetTempPath(), "edgeguard-cli-" + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(Folder);
        Environment["XDG_CONFIG_HOME"] = PathOf("config");
    }

    public string Folder { get; }

    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    public TestTimeProvider Time { get; } = new();

    public bool IsInteractive { get; set; }

    public bool IsTerminal { get; set; }

    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(60);

    public string PathOf(string name) => Path.Combine(Folder, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        return name;
    }

    public string Read(string name) => File.ReadAllText(PathOf(name));

    /// <summary>Runs one command with nothing on standard input.</summary>
    public Task<CliResult> RunAsync(params string[] args) => RunWithInputAsync(string.Empty, args);

    public async Task<CliResult> RunWithInputAsync(string input, params string[] args)
    {
        using StringWriter output = new() { NewLine = "\n" };
        using StringWriter error = new() { NewLine = "\n" };
        var host = new CliHost
        {
            In = new StringReader(input),
            Out = output,
            Error = error,
            Environment = Environment,
            WorkingDirectory = Folder,
            Time = Time,
            IsInteractive = IsInteractive,
            IsOutputTerminal = IsTerminal,
            CallTimeout = CallTimeout,
        };
        var exitCode = await CommandRunner.RunAsync(args, host);
        return new CliResult(exitCode, output.ToString(), error.ToString());
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
