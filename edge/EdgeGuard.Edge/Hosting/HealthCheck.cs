using EdgeGuard.Options;

namespace EdgeGuard.Edge.Hosting;

/// <summary><c>edgeguard-edge health</c>: asks the probes listener of an edge on this machine; for container health checks, where no shell is.</summary>
internal static class HealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Exit code 0 when the edge answers 200, 1 when it answers otherwise, 3 when nobody does.</summary>
    public static async Task<ExitCode> RunAsync(ReadOnlyMemory<string> args, TextWriter output, TextWriter error)
    {
        var url = DefaultUrl(Environment.GetEnvironmentVariable("EDGEGUARD_LISTEN__PROBES"));
        if (args.Length == 2 && args.Span[0] == "--url")
        {
            url = args.Span[1];
        }
        else if (args.Length > 0)
        {
            await error.WriteLineAsync("usage: edgeguard-edge health [--url http://127.0.0.1:9090/readyz]");
            return ExitCode.Usage;
        }

        try
        {
            using var handler = new SocketsHttpHandler { UseProxy = false };
            using var client = new HttpClient(handler) { Timeout = Patience };
            using var response = await client.GetAsync(url);
            await output.WriteLineAsync($"{(int)response.StatusCode} {url}");
            return response.IsSuccessStatusCode ? ExitCode.Ok : ExitCode.Findings;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or UriFormatException or InvalidOperationException)
        {
            await error.WriteLineAsync($"{url} does not answer: {exception.Message}");
            return ExitCode.Unreachable;
        }
    }

    /// <summary>Where the probes listener of the same environment is, asked over loopback.</summary>
    internal static string DefaultUrl(string? listen)
    {
        var port = listen is not null && ListenAddress.TryParse(listen, out var address) && address is { IsOff: false, UnixPath: null } ? address.Port : 9090;
        return $"http://127.0.0.1:{port}/readyz";
    }
}
