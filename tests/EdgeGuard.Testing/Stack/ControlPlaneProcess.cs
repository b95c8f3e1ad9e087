using System.Text.Json;

namespace EdgeGuard.Testing;

/// <summary>A real control plane on SQLite in a folder. It can be stopped and started again at the same address.</summary>
public sealed class ControlPlaneProcess(string dataDir, string listen = "127.0.0.1:0", string? logFile = null) : IAsyncDisposable
{
    private const string Project = "EdgeGuard.ControlPlane";
    private string _listen = listen;

    public string DataDir => dataDir;

    /// <summary>Known after <see cref="StartAsync"/>.</summary>
    public Uri Url { get; private set; } = null!;

    public ProcessRunner? Process { get; private set; }

    /// <summary>Creates the first organization and its administrator.</summary>
    public async Task<(string AccessToken, string CaFile)> InitAsync(string organization = "demo", string user = "admin@example.org")
    {
        Directory.CreateDirectory(dataDir);
        ProcessResult result = await ProcessRunner.RunAsync(
            Project, ["init", "--organization", organization, "--user", user], Environment());
        if (result.ExitCode != 0)
        {
            throw new InvalidOperationException($"edgeguard-control-plane init: {result}");
        }

        using JsonDocument document = JsonDocument.Parse(result.Output);
        return (document.RootElement.GetProperty("access_token").GetString()!, document.RootElement.GetProperty("ca_file").GetString()!);
    }

    /// <summary>Starts it and waits until it listens.</summary>
    public async Task StartAsync()
    {
        if (Process is not null)
        {
            await Process.DisposeAsync();
        }

        Process = ProcessRunner.Start(Project, environment: Environment(), workingDirectory: dataDir, logFile: logFile);
        Url = new Uri((await Process.WaitForListeningAsync()).Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal));
        _listen = _listen.Replace(":0", $":{Url.Port}", StringComparison.Ordinal);
    }

    public Task<ProcessResult> StopAsync() => Process!.StopAsync();

    public async ValueTask DisposeAsync()
    {
        if (Process is not null)
        {
            await Process.DisposeAsync();
        }
    }

    private Dictionary<string, string> Environment() => new(StringComparer.Ordinal)
    {
        ["EDGEGUARD_CP_DATA_DIR"] = dataDir,
        ["EDGEGUARD_CP_LISTEN"] = _listen,
        ["EDGEGUARD_CP_HEARTBEAT_INTERVAL"] = "1s",
    };
}
