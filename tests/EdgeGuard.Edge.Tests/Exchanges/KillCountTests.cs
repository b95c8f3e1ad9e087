using System.Globalization;
using EdgeGuard.Edge.Exchanges;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Options;
using EdgeGuard.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGuard.Edge.Tests.Exchanges;

/// <summary>What a kill switch has ended is counted exactly: refusals by decision and requests ended under way are together what clients were told.</summary>
public sealed class KillCountTests
{
    private const int Rounds = 40;

    private const string Bundle = """
        format: edgeguard/v1
        bundle_version: 1
        policies:
          - id: open
            spec:
              selector: {pathPrefix: /v1/}
              rules: []
        """;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Switches_ThatComeBetweenAnyTwoSteps_AreCountedAsClientsSeeThem(bool lane)
    {
        await using var edge = await EdgeUnderTest.StartAsync(Bundle, options => options with { ProxyLane = lane });
        edge.Upstream.Record = false;
        var told = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var key = $"key-{round.ToString(CultureInfo.InvariantCulture)}";
            var refusals = await Task.WhenAll(Enumerable.Range(0, 3).Select(loop => SendUntilKilledAsync(edge, key, kills: loop == 0, round)));
            told += refusals.Sum();
        }

        // A client may hear of its end before the edge has counted it.
        await Eventually.TrueAsync(() => edge.Host.Services.GetRequiredService<ActiveExchanges>().Count == 0);
        var metrics = await edge.Probes.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        var decided = Sum(metrics, "edgeguard_decisions_total{", "reason=\"kill_switch\"");
        var ended = Sum(metrics, "edgeguard_exchanges_killed_total ", string.Empty);
        Assert.Equal(told, decided + ended);
        Assert.Equal(3 * Rounds, told);
    }

    // The first of them puts the switch in force, between two of its own requests, while those of the others are anywhere.
    private static async Task<int> SendUntilKilledAsync(EdgeUnderTest edge, string key, bool kills, int round)
    {
        for (var sent = 0; ; sent++)
        {
            if (kills && sent == 1 + (round % 3))
            {
                edge.Kill("x-api-key", key);
            }

            try
            {
                using var response = await edge.GetAsync("/v1/a", ("x-api-key", key));
                if (response.Header("X-EdgeGuard-Reason") == "kill_switch")
                {
                    return 1;
                }
            }
            catch (HttpRequestException)
            {
                // Cut off in the middle of its answer, which is another way to be told.
                return 1;
            }
        }
    }

    private static long Sum(string metrics, string name, string label) => metrics.Split('\n')
        .Where(line => line.StartsWith(name, StringComparison.Ordinal) && line.Contains(label, StringComparison.Ordinal))
        .Sum(line => long.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
}
