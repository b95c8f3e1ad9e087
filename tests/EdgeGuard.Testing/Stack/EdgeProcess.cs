namespace EdgeGuard.Testing;

/// <summary>A real edge.</summary>
public sealed class EdgeProcess : IAsyncDisposable
{
    private readonly EdgeSettings _settings;
    private readonly HttpClient _probe = new() { Timeout = TimeSpan.FromSeconds(30) };

    private EdgeProcess(EdgeSettings settings)
    {
        _settings = settings;
        string assembly = settings.Assembly is { Length: > 0 } published ? published : SolutionExecutable.AssemblyFile("EdgeGuard.Edge");
        Process = ProcessRunner.StartProgram(
            ProcessRunner.DotnetHost, [assembly, .. settings.Arguments], settings.ToEnvironment(), workingDirectory: settings.StateDir, logFile: settings.LogFile);
    }

    public ProcessRunner Process { get; }

    public Uri Proxy { get; private set; } = null!;

    public Uri Decision { get; private set; } = null!;

    public Uri Probes { get; private set; } = null!;

    public string AdminSocket => Path.Combine(_settings.StateDir, "admin.sock");

    /// <summary>Starts it and waits until it listens; it may not be ready yet.</summary>
    public static async Task<EdgeProcess> StartAsync(EdgeSettings settings)
    {
        EdgeProcess edge = Launch(settings);
        try
        {
            edge.Proxy = await edge.AddressAsync("proxy", settings.Proxy);
            edge.Decision = await edge.AddressAsync("decision", settings.Decision);
            edge.Probes = await edge.AddressAsync("probes", settings.Probes);
            return edge;
        }
        catch
        {
            await edge.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it and waits for nothing: it may be about to refuse to run.</summary>
    public static EdgeProcess Launch(EdgeSettings settings)
    {
        Directory.CreateDirectory(settings.StateDir);
        return new EdgeProcess(settings);
    }

    /// <summary>Status of <c>/readyz</c> and what it says.</summary>
    public async Task<(int Status, string Body)> ReadinessAsync()
    {
        using HttpResponseMessage response = await _probe.GetAsync(new Uri(Probes, "/readyz"));
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public Task<string> MetricsAsync() => _probe.GetStringAsync(new Uri(Probes, "/metrics"));

    public async Task WaitReadyAsync(TimeSpan? timeout = null)
    {
        try
        {
            await Eventually.TrueAsync(async () => (await ReadinessAsync()).Status == 200, timeout, "edge is ready");
        }
        catch (TimeoutException problem)
        {
            throw new TimeoutException($"{problem.Message}: {(await ReadinessAsync()).Body}\n{Process.Text()}", problem);
        }
    }

    public Task<ProcessResult> StopAsync() => Process.StopAsync();

    public async ValueTask DisposeAsync()
    {
        _probe.Dispose();
        await Process.DisposeAsync();
    }

    private async Task<Uri> AddressAsync(string door, string wanted)
        => wanted == "off"
            ? new Uri("http://off.invalid")
            : new Uri((await Process.WaitForListeningAsync(door)).Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal));
}
