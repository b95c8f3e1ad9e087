using EdgeGuard.EndToEnd.Tests.Fleet;

namespace EdgeGuard.EndToEnd.Tests.Crashes;

/// <summary>SIGKILL while requests fly, again and again: nothing that was decided is lost, and nothing is counted that never was.</summary>
public sealed class KilledEdgeTests
{
    private const int Kills = 3;
    private const int Clients = 8;
    private const int AnswersBeforeEachKill = 400;

    [Fact]
    public async Task Kill_UnderLoad_KeepsCountsBundleAndKillSwitches()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        fleet.Upstream.Record = false;
        await fleet.StartEdgeAsync();
        await fleet.PushAsync(SampleBundles.Generous("api"));
        await fleet.Cli.OutputAsync("kill", "add", "header:x-api-key=mallory", "--reason", "test", "--id", "k1", "--yes");
        Count seen = new();
        await Eventually.TrueAsync(async () => seen.Add(await fleet.Proxy.GetAsync("/v1/a", "mallory")) == "kill_switch");
        await fleet.ControlPlane.StopAsync();

        int inFlight = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            long before = seen.Total;
            Task<int>[] clients = [.. Enumerable.Range(0, Clients).Select(number => Task.Run(() => LoadAsync(fleet.Edge.Proxy, $"client-{number}", seen)))];
            await Eventually.TrueAsync(() => seen.Total >= before + AnswersBeforeEachKill, what: "load before the kill");
            fleet.Edge.Process.Kill();
            inFlight += (await Task.WhenAll(clients)).Sum();
            await fleet.Edge.Process.WaitForExitAsync();
            await fleet.Edge.DisposeAsync();

            // Nobody is there to ask, and still the next one has the bundle and the switches before its first request.
            await fleet.StartEdgeAsync();
            Assert.Equal("kill_switch", seen.Add(await fleet.Proxy.GetAsync("/v1/a", "mallory")));
            await fleet.Edge.WaitReadyAsync();
            Assert.Equal(string.Empty, seen.Add(await fleet.Proxy.GetAsync("/v1/a", "alice")));
        }

        await fleet.ControlPlane.StartAsync();
        await Eventually.TrueAsync(
            async () => (await fleet.CountedAsync()).Values.Sum() >= seen.Total, TimeSpan.FromMinutes(3), "everything is counted", Eventually.Unhurried);
        // An edge that stops in good order sends all that it has: what comes out now is final.
        Assert.Equal(0, (await fleet.Edge.StopAsync()).ExitCode);
        Dictionary<string, long> counted = await fleet.CountedAsync();
        Assert.Equal(seen.Killed, counted["kill_switch"]);
        Assert.InRange(counted[string.Empty], seen.Allowed, seen.Allowed + inFlight);
        Assert.Equal(2, counted.Count);
    }

    /// <summary>Asks until the edge is gone. Gives how many requests it may have decided without an answer to show for it: 0 or 1.</summary>
    private static async Task<int> LoadAsync(Uri proxy, string key, Count seen)
    {
        using ProxyClient client = new(proxy);
        while (true)
        {
            try
            {
                seen.Add(await client.GetAsync("/v1/a", key));
            }
            catch (HttpRequestException)
            {
                return 1;
            }
        }
    }

    private sealed class Count
    {
        private long _allowed;
        private long _killed;

        public long Allowed => Interlocked.Read(ref _allowed);

        public long Killed => Interlocked.Read(ref _killed);

        public long Total => Allowed + Killed;

        public string Add(ProxyAnswer answer)
        {
            Assert.True(answer.Reason is "" or "kill_switch", $"{answer.Status} {answer.Reason} {answer.Body}");
            Interlocked.Increment(ref answer.Reason.Length == 0 ? ref _allowed : ref _killed);
            return answer.Reason;
        }
    }
}
