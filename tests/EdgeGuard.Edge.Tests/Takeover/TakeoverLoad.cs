using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Takeover;

/// <summary>Clients that ask all the time, half of them on a new connection each time; what cannot be sent or is not answered is a failure.</summary>
internal sealed class TakeoverLoad : IAsyncDisposable
{
    private const int Clients = 6;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _clients;
    private long _admitted;
    private long _refused;

    /// <summary>Begins to ask.</summary>
    /// <param name="target">Address.</param>
    /// <param name="handler">Makes each client's connections; null for the usual ones.</param>
    /// <param name="http2">Whether every second client speaks HTTP/2, on one connection.</param>
    public TakeoverLoad(Uri target, Func<SocketsHttpHandler>? handler = null, bool http2 = false) => _clients =
        [.. Enumerable.Range(0, Clients).Select(number => Task.Run(() => RunAsync(target, number % 2 == 0, handler?.Invoke() ?? new SocketsHttpHandler(), http2 && number % 2 == 0)))];

    public long Admitted => Interlocked.Read(ref _admitted);

    public long Refused => Interlocked.Read(ref _refused);

    public Recorder<string> Failures { get; } = new();

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_clients).Within("the clients");
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task RunAsync(Uri target, bool keepAlive, SocketsHttpHandler handler, bool http2)
    {
        handler.UseProxy = false;
        using var client = new HttpClient(handler) { Timeout = Eventually.Generous };
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, target)
                {
                    Version = http2 ? System.Net.HttpVersion.Version20 : System.Net.HttpVersion.Version11,
                    VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                };
                request.Headers.Add("x-api-key", "k");
                request.Headers.ConnectionClose = http2 ? null : !keepAlive;
                using var response = await client.SendAsync(request);
                switch ((int)response.StatusCode)
                {
                    case 200:
                        Interlocked.Increment(ref _admitted);
                        break;
                    case 429:
                        Interlocked.Increment(ref _refused);
                        break;
                    default:
                        Failures.Add($"{(int)response.StatusCode}");
                        break;
                }
            }
            catch (HttpRequestException failure)
            {
                Failures.Add(failure.ToString());
            }
        }
    }
}
