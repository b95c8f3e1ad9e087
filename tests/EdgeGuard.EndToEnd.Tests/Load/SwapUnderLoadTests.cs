using EdgeGuard.EndToEnd.Tests.Bundles;
using EdgeGuard.EndToEnd.Tests.Fleet;

namespace EdgeGuard.EndToEnd.Tests.Load;

/// <summary>A bundle is swapped while requests fly: none fails, and none is decided by one bundle and forwarded by another.</summary>
public sealed class SwapUnderLoadTests
{
    private const int Swaps = 8;

    [Fact]
    public async Task Swap_OfTheFileUnderLoad_FailsNoRequestAndMixesNone()
    {
        await using StandaloneSite site = await StandaloneSite.CreateAsync();
        await using SwapLoad load = await SwapLoad.CreateAsync();
        site.Install(await site.SignAsync(SwapLoad.Bundle(1)));
        await using EdgeProcess edge = await EdgeProcess.StartAsync(site.EdgeSettings with { More = load.Clusters });
        await edge.WaitReadyAsync();

        load.Begin(edge.Proxy);
        for (int version = 2; version <= Swaps + 1; version++)
        {
            site.Install(await site.SignAsync(SwapLoad.Bundle(version)));
            string wanted = $"\"version\":{version},";
            await Eventually.TrueAsync(async () => (await edge.ReadinessAsync()).Body.Contains(wanted, StringComparison.Ordinal), what: wanted);
            await load.WaitForUseAsync(version);
        }

        await load.EndAsync();
    }

    [Fact]
    public async Task Push_UnderLoad_FailsNoRequestAndMixesNone()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        await using SwapLoad load = await SwapLoad.CreateAsync();
        await fleet.StartEdgeAsync(settings => settings with { More = load.Clusters });
        await fleet.PushAsync(SwapLoad.Bundle(1));

        load.Begin(fleet.Edge.Proxy);
        for (int version = 2; version <= Swaps + 1; version++)
        {
            await fleet.PushAsync(SwapLoad.Bundle(version));
            await load.WaitForUseAsync(version);
        }

        await load.EndAsync();
    }
}
