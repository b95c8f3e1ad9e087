using System.Collections.Concurrent;
using EdgeGuard.Testing;

namespace EdgeGuard.Identity.Tests.Keys;

/// <summary>Key rotation, outage and floods while many threads verify tokens that were never seen.</summary>
public sealed class KeySetLoadTests
{
    private const int Workers = 8;

    private readonly ConcurrentDictionary<string, int> _verdicts = new(StringComparer.Ordinal);
    private int _done;

    [Fact]
    public async Task Rotation_UnderLoad_FailsNoRequest()
    {
        await using var harness = await IdentityHarness.StartAsync();
        await harness.IdleAfterAsync(1);
        var newest = "ec-1";
        var load = StartAsync(harness, () => Volatile.Read(ref newest));
        for (var generation = 2; generation < 6; generation++)
        {
            await WaitForMoreAsync(100);
            harness.Time.Advance(TimeSpan.FromSeconds(10));
            harness.Server.Publish(TestKey.CreateEc($"ec-{generation}"));
            Volatile.Write(ref newest, $"ec-{generation}");
            await WaitForMoreAsync(100);

            // Tokens of the last key are still on their way; of the one before there are none any more.
            harness.Server.Withdraw($"ec-{generation - 2}");
        }

        await StopAsync(load);

        Assert.Equal(["Verified "], _verdicts.Keys);
    }

    [Fact]
    public async Task Outage_UnderLoad_IsBorneUntilTheBoundAndThenNamed()
    {
        await using var harness = await IdentityHarness.StartAsync(change: issuer => issuer with { StaleIfError = TimeSpan.FromHours(1) });
        await harness.IdleAfterAsync(1);
        var load = StartAsync(harness, () => "ec-1");
        harness.Server.Mode = JwksMode.Down;
        for (var minutes = 0; minutes < 59; minutes++)
        {
            harness.Time.Advance(TimeSpan.FromMinutes(1));
        }

        await WaitForMoreAsync(200);
        Assert.Equal(["Verified "], _verdicts.Keys);
        await StopAsync(load);

        harness.Time.Advance(TimeSpan.FromMinutes(1));
        _verdicts.Clear();
        load = StartAsync(harness, () => "ec-1");
        await WaitForMoreAsync(200);
        Assert.Equal(["Unavailable keys_unavailable"], _verdicts.Keys);
        await StopAsync(load);

        harness.Server.Mode = JwksMode.Normal;
        await Eventually.TrueAsync(
            () =>
            {
                harness.Time.Advance(TimeSpan.FromMinutes(1));
                return harness.Status.Usable;
            },
            what: "keys after the outage");
        Assert.Equal("", (await harness.VerifyAsync(harness.Issue(keyId: "ec-1"))).Failure);
    }

    [Fact]
    public async Task UnknownKeys_FloodBesideGoodTokens_CausesOneFetchAndHarmsNone()
    {
        await using var harness = await IdentityHarness.StartAsync();
        await harness.IdleAfterAsync(1);
        var load = StartAsync(harness, () => "ec-1");
        using var own = TestKey.CreateEc("own");
        var flood = Enumerable.Range(0, 400).Select(i => own.Sign(
            new() { ["alg"] = "ES256", ["kid"] = $"flood-{i}" },
            new() { ["iss"] = harness.Server.Issuer, ["aud"] = "api", ["exp"] = harness.Time.GetUtcNow().ToUnixTimeSeconds() + 60 })).ToList();

        await Parallel.ForEachAsync(flood, async (token, _) => Assert.Equal(TokenFailures.UnknownKey, (await harness.VerifyAsync(token)).Failure));
        await StopAsync(load);

        Assert.Equal(2, harness.Server.Requests.Count);
        Assert.Equal(["Verified "], _verdicts.Keys);
    }

    [Fact]
    public async Task IssuerDownAtStart_UnderLoad_RefusesUntilItIsThere()
    {
        await using var harness = await IdentityHarness.StartAsync(JwksMode.Down);
        var load = StartAsync(harness, () => "ec-1");
        await WaitForMoreAsync(100);
        Assert.Equal(["Unavailable keys_unavailable"], _verdicts.Keys);

        harness.Server.Mode = JwksMode.Normal;
        await Eventually.TrueAsync(
            () =>
            {
                harness.Time.Advance(TimeSpan.FromSeconds(1));
                return harness.Status.Usable;
            },
            what: "keys");
        await StopAsync(load);
        _verdicts.Clear();
        load = StartAsync(harness, () => "ec-1");
        await WaitForMoreAsync(100);
        await StopAsync(load);

        Assert.Equal(["Verified "], _verdicts.Keys);
    }

    private (CancellationTokenSource Stop, Task Work) StartAsync(IdentityHarness harness, Func<string> keyId)
    {
        var stop = new CancellationTokenSource();
        var work = Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var claims = IdentityHarness.Claims();
                claims["number"] = $"{worker}-{i}";
                var result = await harness.VerifyAsync(harness.Issue(claims, keyId()));
                _verdicts.AddOrUpdate($"{result.Outcome} {result.Failure}", 1, (_, count) => count + 1);
                Interlocked.Increment(ref _done);
            }
        })));
        return (stop, work);
    }

    private async Task WaitForMoreAsync(int count)
    {
        var before = Volatile.Read(ref _done);
        await Eventually.TrueAsync(() => Volatile.Read(ref _done) >= before + count, what: "tokens verified");
    }

    private static async Task StopAsync((CancellationTokenSource Stop, Task Work) load)
    {
        await load.Stop.CancelAsync();
        await load.Work;
        load.Stop.Dispose();
    }
}
