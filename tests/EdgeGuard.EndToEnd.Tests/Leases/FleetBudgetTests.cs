using EdgeGuard.EndToEnd.Tests.Fleet;

namespace EdgeGuard.EndToEnd.Tests.Leases;

/// <summary>Three real edges and a real control plane share one budget of each key: never a unit more, and every unit once the way to it is there.</summary>
public sealed class FleetBudgetTests
{
    private const int Budget = 300;

    /// <summary>So often in a row refused, an edge has nothing left.</summary>
    private const int Refusals = 5;

    // A year of epoch-aligned days: no window ends while the test runs.
    private static readonly string Bundle = $$"""
        format: edgeguard/v1
        bundle_version: 1
        policies:
          - id: api
            spec:
              selector: {pathPrefix: /v1/}
              rules:
                - name: shared
                  limit_keys: ["header:x-api-key"]
                  scope: fleet
                  algorithm: cost_based
                  algorithm_config:
                    budget: {{Budget}}
                    period: custom
                    window: 366d
                    staged_actions: [{threshold_percent: 100, action: reject}]
        """;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    [Fact]
    public async Task Budget_OfThreeEdges_IsSpentToTheLastUnitAndNeverOver()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        fleet.Upstream.Record = false;
        await using CuttableRelay relay = new(fleet.ControlPlane.Url.Port);
        await using LeasedEdge first = await LeasedEdge.StartAsync(fleet, "first");
        await using LeasedEdge second = await LeasedEdge.StartAsync(fleet, "second");
        await using LeasedEdge third = await LeasedEdge.StartAsync(fleet, "third", relay.Port);
        LeasedEdge[] all = [first, second, third];
        await PushAsync(fleet, all);

        // Whoever it is that spends: all at once, or one alone, to whom goes what the others held.
        Assert.Equal(Budget, await SpendAllAsync("everybody", all));
        Assert.Equal(Budget, await SpendAllAsync("one", [first]));

        // A crash neither loses nor doubles what an edge holds.
        int killed = await SpendAsync("killed", second, 10);
        await second.KillAndRestartAsync();
        Assert.Equal(Budget, killed + await SpendAllAsync("killed", all, Budget - killed));

        // Cut off, an edge spends what it has and no more, while the others go on; what it held and did not spend is theirs once it is back.
        relay.Cut();
        int apart = await SpendUntilRefusedAsync("apart", third);
        Assert.InRange(apart, 1, Budget / 2);
        int beside = await SpendUntilRefusedAsync("apart", first);
        Assert.InRange(apart + beside, apart + 1, Budget);
        relay.Mend();
        Assert.Equal(Budget, apart + beside + await SpendAllAsync("apart", all, Budget - apart - beside));

        // Without a control plane nobody gets more than what is held. It comes back as it was.
        await fleet.ControlPlane.StopAsync();
        int alone = 0;
        foreach (LeasedEdge edge in all)
        {
            alone += await SpendUntilRefusedAsync("alone", edge);
        }

        Assert.InRange(alone, 1, Budget);
        await fleet.ControlPlane.StartAsync();
        Assert.Equal(Budget, alone + await SpendAllAsync("alone", all, Budget - alone));

        string held = (await fleet.Cli.JsonAsync("budget", "list")).GetRawText();
        Assert.Contains("api/shared", held, StringComparison.Ordinal);
        Assert.DoesNotContain("everybody", held, StringComparison.Ordinal);
    }

    private static async Task PushAsync(TestFleet fleet, IEnumerable<LeasedEdge> edges)
    {
        string file = fleet.Folder.Write("fleet.yaml", Bundle);
        long version = (await fleet.Cli.JsonAsync("push", file, "--yes")).GetProperty("version").GetInt64();
        foreach (LeasedEdge edge in edges)
        {
            await Eventually.TrueAsync(
                async () => (await edge.Process.ReadinessAsync()).Body.Contains($"\"version\":{version},", StringComparison.Ordinal), what: "the bundle in force");
        }
    }

    // Sends to all of them at once until that many have been admitted, and then until each refuses: gives how many were.
    private static async Task<int> SpendAllAsync(string key, LeasedEdge[] edges, int left = Budget)
    {
        int admitted = 0;
        using CancellationTokenSource tooLong = new(Eventually.Generous);
        await Task.WhenAll(edges.Select(async edge =>
        {
            while (Volatile.Read(ref admitted) < left && !tooLong.IsCancellationRequested)
            {
                if (await edge.SpendAsync(key))
                {
                    Interlocked.Increment(ref admitted);
                }
                else
                {
                    await Task.Delay(Pause, TimeProvider.System);
                }
            }
        }));
        foreach (LeasedEdge edge in edges)
        {
            admitted += await SpendUntilRefusedAsync(key, edge);
        }

        return admitted;
    }

    private static async Task<int> SpendUntilRefusedAsync(string key, LeasedEdge edge)
    {
        int admitted = 0;
        for (int refused = 0; refused < Refusals;)
        {
            bool isAdmitted = await edge.SpendAsync(key);
            admitted += isAdmitted ? 1 : 0;
            refused = isAdmitted ? 0 : refused + 1;
        }

        return admitted;
    }

    private static async Task<int> SpendAsync(string key, LeasedEdge edge, int wanted)
    {
        int admitted = 0;
        for (int sent = 0; sent < wanted; sent++)
        {
            admitted += await edge.SpendAsync(key) ? 1 : 0;
        }

        return admitted;
    }
}
