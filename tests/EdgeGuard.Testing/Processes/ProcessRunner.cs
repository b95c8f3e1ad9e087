using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;

namespace EdgeGuard.Testing;

/// <summary>
/// A real process of one test: its output is captured line by line, it is waited for by what it prints, and it is ended by its own
/// process id: SIGTERM first, SIGKILL when that does not help within the grace period.
/// </summary>
public sealed class ProcessRunner : IAsyncDisposable
{
    private const string ListeningWord = "listening ";
    private static readonly ConcurrentDictionary<int, ProcessRunner> Live = new();

    private readonly Process _process;
    private readonly string _name;
    private readonly StreamWriter? _log;

    static ProcessRunner() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (ProcessRunner runner in Live.Values)
        {
            runner.Kill();
        }
    };

    private ProcessRunner(string name, ProcessStartInfo start, string? logFile)
    {
        _name = name;
        _log = logFile is null ? null : new StreamWriter(logFile, append: true) { AutoFlush = true };
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(Output, line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(Error, line.Data);
        _process.Start();
        Live[_process.Id] = this;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Lines of standard output.</summary>
    public Recorder<string> Output { get; } = new();

    /// <summary>Lines of standard error.</summary>
    public Recorder<string> Error { get; } = new();

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Starts an executable of this solution, for example <c>EdgeGuard.Edge</c>. The environment is inherited without <c>EDGEGUARD_*</c>.</summary>
    public static ProcessRunner Start(
        string project,
        IEnumerable<string>? arguments = null,
        IReadOnlyDictionary<string, string>? environment = null,
        string? workingDirectory = null,
        string? logFile = null)
        => StartProgram(DotnetHost, [SolutionExecutable.AssemblyFile(project), .. arguments ?? []], environment, workingDirectory, logFile);

    /// <summary>Starts any program. With a log file its output is written there too.</summary>
    public static ProcessRunner StartProgram(
        string program,
        IEnumerable<string>? arguments = null,
        IReadOnlyDictionary<string, string>? environment = null,
        string? workingDirectory = null,
        string? logFile = null)
    {
        ProcessStartInfo start = new(program) { WorkingDirectory = workingDirectory ?? RepositoryRoot.Path };
        foreach (string argument in arguments ?? [])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (string inherited in start.Environment.Keys.Where(key => key.StartsWith("EDGEGUARD_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(inherited);
        }

        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["NO_COLOR"] = "1";
        foreach ((string key, string value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[key] = value;
        }

        return new ProcessRunner(Path.GetFileName(start.ArgumentList.FirstOrDefault() ?? program), start, logFile);
    }

    /// <summary>Runs an executable of this solution to its end.</summary>
    public static async Task<ProcessResult> RunAsync(
        string project,
        IEnumerable<string>? arguments = null,
        IReadOnlyDictionary<string, string>? environment = null,
        string? input = null,
        TimeSpan? timeout = null)
    {
        await using ProcessRunner runner = Start(project, arguments, environment);
        return await runner.FinishAsync(input, timeout);
    }

    /// <summary>Runs any program to its end.</summary>
    public static async Task<ProcessResult> RunProgramAsync(
        string program,
        IEnumerable<string>? arguments = null,
        IReadOnlyDictionary<string, string>? environment = null,
        string? input = null,
        TimeSpan? timeout = null)
    {
        await using ProcessRunner runner = StartProgram(program, arguments, environment);
        return await runner.FinishAsync(input, timeout);
    }

    /// <summary>
    /// The address of a line <c>listening NAME ADDRESS</c>, or of <c>listening ADDRESS</c> for an empty name, as soon as it is printed.
    /// Fails at once, with everything the process said, when it ends before.
    /// </summary>
    public async Task<string> WaitForListeningAsync(string name = "", TimeSpan? timeout = null)
    {
        string start = name.Length == 0 ? ListeningWord : $"{ListeningWord}{name} ";
        string line = await WaitForLineAsync(text => text.StartsWith(start, StringComparison.Ordinal), $"'{start}'", timeout);
        return line[start.Length..].Trim();
    }

    /// <summary>The first line of standard output that fits, past or to come.</summary>
    public async Task<string> WaitForLineAsync(Predicate<string> fits, string what, TimeSpan? timeout = null)
    {
        Task<string> line = Output.WaitForAsync(fits, $"{what} from {_name}", timeout);
        await Task.WhenAny(line, _process.WaitForExitAsync());
        if (!line.IsCompleted && !Output.Items.Any(item => fits(item)))
        {
            throw new InvalidOperationException($"{_name} ended before {what}: {Result()}");
        }

        try
        {
            return await line;
        }
        catch (TimeoutException problem)
        {
            throw new TimeoutException($"{problem.Message}\n{Text()}", problem);
        }
    }

    /// <summary>Waits for its own end.</summary>
    public async Task<ProcessResult> WaitForExitAsync(TimeSpan? timeout = null)
    {
        await _process.WaitForExitAsync().Within($"end of {_name}", timeout);
        return Result();
    }

    /// <summary>SIGTERM, then SIGKILL after the grace period. Gives what the process said and how it ended.</summary>
    public async Task<ProcessResult> StopAsync(TimeSpan? grace = null)
    {
        if (!_process.HasExited)
        {
            PosixSignals.Send(_process.Id, PosixSignals.Terminate);
            try
            {
                return await WaitForExitAsync(grace ?? TimeSpan.FromSeconds(30));
            }
            catch (TimeoutException)
            {
                Kill();
            }
        }

        return await WaitForExitAsync();
    }

    /// <summary>SIGKILL: nothing is flushed, nothing is said.</summary>
    public void Kill()
    {
        if (!_process.HasExited)
        {
            PosixSignals.Send(_process.Id, PosixSignals.Kill);
        }
    }

    /// <summary>All that it has said so far.</summary>
    public string Text() => $"--- stdout of {_name}\n{string.Join('\n', Output.Items)}\n--- stderr\n{string.Join('\n', Error.Items)}";

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Live.TryRemove(_process.Id, out _);
        _process.Dispose();
        if (_log is not null)
        {
            await _log.DisposeAsync();
        }
    }

    /// <summary>The host that runs these tests, so that no other SDK is taken by accident.</summary>
    public static string DotnetHost
        => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? Environment.ProcessPath!
            : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet";

    private async Task<ProcessResult> FinishAsync(string? input, TimeSpan? timeout)
    {
        if (input is not null)
        {
            await _process.StandardInput.WriteAsync(input);
        }

        _process.StandardInput.Close();
        return await WaitForExitAsync(timeout ?? TimeSpan.FromMinutes(3));
    }

    private ProcessResult Result()
        => new(_process.ExitCode, Join(Output), Join(Error));

    private static string Join(Recorder<string> lines)
    {
        StringBuilder text = new();
        foreach (string line in lines.Items)
        {
            text.Append(line).Append('\n');
        }

        return text.ToString();
    }

    private void Keep(Recorder<string> lines, string? line)
    {
        if (line is null)
        {
            return;
        }

        lines.Add(line);
        if (_log is not null)
        {
            lock (_log)
            {
                _log.WriteLine(line);
            }
        }
    }
}
