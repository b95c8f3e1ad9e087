using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Identity;
using EdgeGuard.Options;
using EdgeGuard.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGuard.Edge.Tests.Identity;

/// <summary>
/// A real edge in front of a real upstream, with an issuer that changes its keys and fails in every way while clients never pause: no valid request
/// fails, no other one passes, and nobody can make the edge ask the issuer all the time.
/// </summary>
public sealed class IssuerOutageTests
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Rotation_UnderLoadAndAFloodOfInventedKeys_FailsNoValidRequestAndTakesNoOther()
    {
        await using var server = await JwksServer.StartAsync();
        await using var edge = await StartAsync(server);
        await using var load = new IssuerLoad(edge, server, "ec-1");
        load.IsFlooding = true;
        await load.WaitForRoundsAsync(5);
        for (var generation = 2; generation <= 5; generation++)
        {
            // Old and new overlap: the new key is published before it signs, and the old one is taken back when nothing of it is under way.
            server.Publish(TestKey.CreateEc($"ec-{generation}"));
            await RefreshAsync(edge, load);
            var old = load.Token($"ec-{generation - 1}", "kept");
            Assert.Equal("200 allow", await SendAsync(edge, old));
            await load.SignWithAsync($"ec-{generation}");
            await load.WaitForRoundsAsync(5);
            Assert.Equal("200 allow", await SendAsync(edge, old));

            server.Withdraw($"ec-{generation - 1}");
            await RefreshAsync(edge, load);
            await load.WaitForRoundsAsync(5);
            await Eventually.TrueAsync(async () => await SendAsync(edge, old) == "401 identity_invalid", what: "the withdrawn key is void, for remembered tokens too");
            Assert.Equal("401 identity_invalid", await SendAsync(edge, load.Token($"ec-{generation - 1}", "new")));
        }

        await Eventually.TrueAsync(() => load.Counts is { Valid: >= 100, Forged: > 0, Invented: > 20 }, what: "enough of each kind of request");
        await load.StopAsync();

        load.AssertNothingWrong();
        var (valid, forged, invented) = load.Counts;
        Assert.True(valid >= 100 && forged > 0 && invented > 20, $"{valid} valid, {forged} forged, {invented} invented");

        // One at the start and eight that were due; and for invented keys, of which there were many times as many, one for each of the nine times that the
        // clock stood still: it moved on by more than the ten seconds that must lie between two of those.
        Assert.InRange(server.Requests.Count, 9, 18);
    }

    [Fact]
    public async Task Outage_OfEveryKindUnderLoad_IsBorneWithinTheBoundAndNamedBehindIt()
    {
        await using var server = await JwksServer.StartAsync();
        await using var edge = await StartAsync(server);
        var load = new IssuerLoad(edge, server, "ec-1");
        await using (load)
        {
            await load.WaitForRoundsAsync(3);
            var minutes = 0;
            foreach (var mode in (JwksMode[])[JwksMode.Down, JwksMode.Malformed, JwksMode.Empty, JwksMode.Redirect, JwksMode.Oversized, JwksMode.Slow])
            {
                server.Mode = mode;
                var before = server.Requests.Count;
                for (var step = 0; step < 8; step++, minutes++)
                {
                    edge.Time.Advance(TimeSpan.FromMinutes(1));
                    await load.WaitForRoundsAsync(1);
                }

                Assert.True(server.Requests.Count > before, $"the issuer was asked while it was {mode}");
                load.IsFlooding = mode == JwksMode.Malformed;
            }

            // Refused connections last: nobody listens any more.
            server.ReleaseSlowAnswers();
            server.Mode = JwksMode.Down;
            await server.StopAsync();
            for (; minutes < 59; minutes++)
            {
                edge.Time.Advance(TimeSpan.FromMinutes(1));
                await load.WaitForRoundsAsync(1);
            }

            await load.StopAsync();
            load.AssertNothingWrong();
            Assert.True(load.Counts.Valid > 300, $"{load.Counts}");
            Assert.True(server.Requests.Count < 200, $"{server.Requests.Count} requests to the issuer in an hour");
        }

        // The stale bound lies an hour behind the last good fetch.
        var known = load.Token("ec-1", "kept");
        Assert.Equal("200 allow", await SendAsync(edge, known));
        edge.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal("401 identity_invalid", await SendAsync(edge, known));
        Assert.Equal("401 identity_invalid", await SendAsync(edge, load.Token("ec-1", "new")));
        Assert.Contains("edgeguard_credentials_total{kind=\"jwt\",outcome=\"keys_unavailable\"} 2", await edge.Probes.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Flood_OfInventedKeysWhileTimeStandsStill_CausesOneFetch()
    {
        await using var server = await JwksServer.StartAsync();
        await using var edge = await StartAsync(server);
        await using var load = new IssuerLoad(edge, server, "ec-1");
        await load.WaitForRoundsAsync(2);
        var before = server.Requests.Count;
        load.IsFlooding = true;
        await Eventually.TrueAsync(() => load.Counts.Invented >= 200, what: "the flood");
        await load.StopAsync();

        load.AssertNothingWrong();
        Assert.Equal(before + 1, server.Requests.Count);
    }

    // Until a fetch has ended that began after the change.
    private static async Task RefreshAsync(EdgeUnderTest edge, IssuerLoad load)
    {
        var before = Fetches(edge);
        await load.AdvanceAsync(Refresh);
        await Eventually.TrueAsync(() => Fetches(edge) > before, what: "another fetch");
    }

    private static long Fetches(EdgeUnderTest edge) => edge.Host.Services.GetRequiredService<CallerVerifier>().Tokens.GetStatus()[0].FetchesOk;

    private static async Task<string> SendAsync(EdgeUnderTest edge, string token)
    {
        using var response = await edge.GetAsync("/users", ("Authorization", "Bearer " + token));
        return response.Verdict();
    }

    private static async Task<EdgeUnderTest> StartAsync(JwksServer server)
    {
        var bundle = $$"""
            format: edgeguard/v1
            bundle_version: 1
            issuers:
              - {id: main, issuer: '{{server.Issuer}}', audiences: [api], algorithms: [ES256], jwks_url: '{{server.KeySetUrl}}', refresh: 5m, stale_if_error: 1h}
            policies:
              - id: users
                spec: {selector: {pathPrefix: /users}, identity: required, rules: [] }
            """;

        // Without the limit of failures: with it nearly nothing of a flood would be checked.
        var edge = await EdgeUnderTest.StartAsync(
            bundle,
            options => options with
            {
                FetchAllowedHosts = [server.BaseAddress.Authority],

                // The lane's idle limits go by the clock that is moved, while clients send on connections that have been idle for no time at all.
                ProxyLane = false,
                IdentityFailures = new IdentityFailureOptions { Burst = 0 },

                // Hours pass while requests are at the upstream.
                Clusters = options.Clusters.SetItem("default", options.Clusters["default"] with { Timeout = TimeSpan.FromDays(1) }),
            },
            new EdgeHostSettings());
        edge.Upstream.Record = false;
        return edge;
    }
}
