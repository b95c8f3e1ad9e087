using EdgeGuard.Edge.Bundles;
using EdgeGuard.Edge.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGuard.Edge.Tests.Bundles;

public sealed class ReloadUnderLoadTests
{
    private const int Swaps = 30;
    private const int Clients = 8;

    [Fact]
    public async Task Swap_UnderLoad_FailsNoRequest_AndMixesNoPolicies()
    {
        await using var edge = await EdgeUnderTest.StartAsync(Generation(1));
        edge.Upstream.Record = false;
        using var stop = new CancellationTokenSource();
        var clients = Enumerable.Range(0, Clients).Select(_ => Task.Run(() => Drive(edge, stop.Token))).ToArray();
        var activator = edge.Host.Services.GetRequiredService<BundleActivator>();
        for (var version = 2; version <= Swaps; version++)
        {
            var result = activator.Activate(System.Text.Encoding.UTF8.GetBytes(Generation(version)), "file");
            Assert.True(result.Applied, string.Join('\n', result.Diagnostics));
            var served = edge.Upstream.Count;
            await Testing.Eventually.TrueAsync(() => edge.Upstream.Count > served);
        }

        await stop.CancelAsync();
        var seen = (await Task.WhenAll(clients)).SelectMany(found => found).ToHashSet(StringComparer.Ordinal);

        // Policy id and quota carry the same number in every generation; a mixture would show two.
        Assert.All(seen, told => Assert.Matches("^\"p([0-9]+)\";q=10(?:\\1)000;w=[0-9]+ \"p\\1\"$", told));
        Assert.True(seen.Count > 1);
    }

    private static async Task<HashSet<string>> Drive(EdgeUnderTest edge, CancellationToken stop)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (!stop.IsCancellationRequested)
        {
            using var response = await edge.GetAsync("/a");
            Assert.Equal("200 allow", response.Verdict());
            var limit = response.Header("RateLimit")!;
            seen.Add($"{response.Header("RateLimit-Policy")} {limit[..limit.IndexOf(';', StringComparison.Ordinal)]}");
        }

        return seen;
    }

    private static string Generation(int version) => $$"""
        format: edgeguard/v1
        bundle_version: {{version}}
        policies:
          - id: p{{version}}
            spec:
              selector: {pathPrefix: /}
              rules:
                - {name: wide, limit_keys: [], algorithm: token_bucket, algorithm_config: {tokens_per_second: 1000, burst: 10{{version}}000} }
        """;
}
