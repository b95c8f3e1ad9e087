using System.Collections.Concurrent;
using EdgeGuard.EndToEnd.Tests.Bundles;
using EdgeGuard.EndToEnd.Tests.Fleet;
using Microsoft.AspNetCore.Http;

namespace EdgeGuard.EndToEnd.Tests.Load;

/// <summary>A bundle is swapped while requests fly: none fails, and none is decided by one bundle and forwarded by another.</summary>
public sealed class SwapUnderLoadTests
{
    private const int Swaps = 8;
    private const int Clients = 8;

    [Fact]
    public async Task Swap_UnderLoad_FailsNoRequestAndMixesNone()
    {
        await using StandaloneSite site = await StandaloneSite.CreateAsync();
        await using FakeUpstream even = await UpstreamCalledAsync("even");
        await using FakeUpstream odd = await UpstreamCalledAsync("odd");
        EdgeSettings settings = site.EdgeSettings with
        {
            More = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["CLUSTERS__EVEN__DESTINATIONS"] = even.Address.GetLeftPart(UriPartial.Authority),
                ["CLUSTERS__ODD__DESTINATIONS"] = odd.Address.GetLeftPart(UriPartial.Authority),
            },
        };
        site.Install(await site.SignAsync(Bundle(1)));
        await using EdgeProcess edge = await EdgeProcess.StartAsync(settings);
        await edge.WaitReadyAsync();

        using CancellationTokenSource enough = new();
        ConcurrentDictionary<string, long> seen = new(StringComparer.Ordinal);
        ConcurrentBag<string> wrong = [];
        Task[] clients = [.. Enumerable.Range(0, Clients).Select(number => Task.Run(() => LoadAsync(edge.Proxy, $"client-{number}", seen, wrong, enough.Token)))];
        for (int version = 2; version <= Swaps + 1; version++)
        {
            site.Install(await site.SignAsync(Bundle(version)));
            string wanted = $"\"version\":{version},";
            await Eventually.TrueAsync(async () => (await edge.ReadinessAsync()).Body.Contains(wanted, StringComparison.Ordinal), what: wanted);
            // The new bundle has to decide something before it goes again.
            await Eventually.TrueAsync(() => seen.GetValueOrDefault(Name(version)) > 50, what: $"requests under bundle {version}");
            seen.TryRemove(Name(version + 1), out _);
        }

        await enough.CancelAsync();
        await Task.WhenAll(clients);
        Assert.True(wrong.IsEmpty, $"{wrong.Count} wrong answers, such as: {string.Join("; ", wrong.Take(5))}");
    }

    private static string Name(int version) => version % 2 == 0 ? "even" : "odd";

    private static string Bundle(int version) => SampleBundles.Generous(Name(version), burst: version % 2 == 0 ? 2_000_000 : 1_000_000, cluster: Name(version), version: version);

    private static async Task LoadAsync(Uri proxy, string key, ConcurrentDictionary<string, long> seen, ConcurrentBag<string> wrong, CancellationToken enough)
    {
        using ProxyClient client = new(proxy);
        while (!enough.IsCancellationRequested)
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
                    wrong.Add($"{answer.Status} {answer.Reason} from {upstream}: {answer.Header("RateLimit")} {answer.Header("RateLimit-Policy")}");
                }

                seen.AddOrUpdate(upstream, 1, static (_, count) => count + 1);
            }
            catch (HttpRequestException problem)
            {
                wrong.Add(problem.Message);
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
