using System.Collections.Concurrent;
using EdgeGuard.EndToEnd.Tests.Fleet;
using Microsoft.AspNetCore.Http;

namespace EdgeGuard.EndToEnd.Tests.Load;

/// <summary>
/// Clients that never pause while bundles alternate between two upstreams: each answer has to come from the upstream, with the policy and the
/// quota, of one and the same bundle.
/// </summary>
internal sealed class SwapLoad : IAsyncDisposable
{
    private const int Clients = 8;

    private readonly CancellationTokenSource _enough = new();
    private readonly ConcurrentDictionary<string, long> _seen = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<string> _wrong = [];
    private Task[] _clients = [];

    private SwapLoad(FakeUpstream even, FakeUpstream odd)
    {
        Even = even;
        Odd = odd;
    }

    private FakeUpstream Even { get; }

    private FakeUpstream Odd { get; }

    /// <summary>Options that name the two upstreams as clusters.</summary>
    public Dictionary<string, string> Clusters => new(StringComparer.Ordinal)
    {
        ["CLUSTERS__EVEN__DESTINATIONS"] = Even.Address.GetLeftPart(UriPartial.Authority),
        ["CLUSTERS__ODD__DESTINATIONS"] = Odd.Address.GetLeftPart(UriPartial.Authority),
    };

    public static async Task<SwapLoad> CreateAsync() => new(await UpstreamCalledAsync("even"), await UpstreamCalledAsync("odd"));

    /// <summary>The bundle of a version: even and odd ones differ in policy, quota and cluster.</summary>
    public static string Bundle(int version) =>
        SampleBundles.Generous(Name(version), burst: version % 2 == 0 ? 2_000_000 : 1_000_000, cluster: Name(version), version: version);

    public void Begin(Uri proxy) => _clients = [.. Enumerable.Range(0, Clients).Select(number => Task.Run(() => LoadAsync(proxy, $"client-{number}")))];

    /// <summary>Waits until a bundle that is in force has decided something, so that it may go again.</summary>
    public async Task WaitForUseAsync(int version)
    {
        await Eventually.TrueAsync(() => _seen.GetValueOrDefault(Name(version)) > 50, what: $"requests under bundle {version}");
        _seen.TryRemove(Name(version + 1), out _);
    }

    /// <summary>Stops, and holds that nothing failed and nothing was mixed.</summary>
    public async Task EndAsync()
    {
        await _enough.CancelAsync();
        await Task.WhenAll(_clients);
        Assert.True(_wrong.IsEmpty, $"{_wrong.Count} wrong answers, such as: {string.Join("; ", _wrong.Take(5))}");
    }

    public async ValueTask DisposeAsync()
    {
        await _enough.CancelAsync();
        await Task.WhenAll(_clients);
        await Even.DisposeAsync();
        await Odd.DisposeAsync();
        _enough.Dispose();
    }

    private static string Name(int version) => version % 2 == 0 ? "even" : "odd";

    private async Task LoadAsync(Uri proxy, string key)
    {
        using ProxyClient client = new(proxy);
        while (!_enough.IsCancellationRequested)
        {
            try
            {
                ProxyAnswer answer = await client.GetAsync("/v1/a", key);
                string upstream = answer.Body;
                string quota = upstream == "even" ? "q=2000000" : "q=1000000";
                bool consistent = answer.Status == 200
                    && answer.Header("RateLimit").StartsWith($"\"{upstream}\"", StringComparison.Ordinal)
                    && answer.Header("RateLimit-Policy").StartsWith($"\"{upstream}\";{quota}", StringComparison.Ordinal);
                if (!consistent)
                {
                    _wrong.Add($"{answer.Status} {answer.Reason} from {upstream}: {answer.Header("RateLimit")} {answer.Header("RateLimit-Policy")}");
                }

                _seen.AddOrUpdate(upstream, 1, static (_, count) => count + 1);
            }
            catch (HttpRequestException problem)
            {
                _wrong.Add(problem.Message);
            }
        }
    }

    private static async Task<FakeUpstream> UpstreamCalledAsync(string name)
    {
        FakeUpstream upstream = await FakeUpstream.StartAsync();
        upstream.Record = false;
        upstream.Answer = context => context.Response.WriteAsync(name);
        return upstream;
    }
}
