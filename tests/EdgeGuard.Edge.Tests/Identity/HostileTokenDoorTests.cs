using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Options;
using EdgeGuard.Testing;
using EdgeGuard.Testing.Attacks;

namespace EdgeGuard.Edge.Tests.Identity;

/// <summary>Every hostile token that HTTP can carry, sent to both doors of a real edge: what the verifier refuses is refused on the wire too.</summary>
public sealed class HostileTokenDoorTests
{
    private const string Refused = "401 identity_invalid Bearer error=\"invalid_token\"";

    [Fact]
    public async Task Doors_EveryHostileToken_IsRefusedAndNotForwarded()
    {
        var time = new TestTimeProvider();
        await using var scene = await AttackScene.StartAsync(time);
        await using var edge = await StartAsync(scene, time);
        string[] good = ["Bearer " + scene.Good(), "Bearer " + scene.Good("ed-1"), "Bearer " + scene.StrictWith("x", 1), "Bearer " + OfOther(scene)];
        foreach (var header in good)
        {
            // The keys are fetched in the background; a token of each issuer shows that they are there.
            await Eventually.TrueAsync(async () => (await AnswersAsync(edge, header)).Decision == "200 allow");
        }

        var before = edge.Upstream.Received.Count;
        var attacks = TokenAttacks.All.Where(attack => attack.FitsHttp).ToArray();
        var wrong = new List<string>();
        foreach (var attack in attacks)
        {
            // The one thing that its sender is told: then a new token helps.
            var expected = attack.Failure == "expired" ? Refused + ", error_description=\"it has expired\"" : Refused;
            var (proxy, decision) = await AnswersAsync(edge, attack.Header(scene));
            if ((proxy, decision) != (expected, expected))
            {
                wrong.Add($"{attack.Name} ({attack.Failure}): proxy {proxy}, decision {decision}");
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {attacks.Length}:\n{string.Join('\n', wrong)}");
        Assert.True(attacks.Length >= 300, $"only {attacks.Length} were sent");
        Assert.Equal(before, edge.Upstream.Received.Count);

        // The edge has not merely come to refuse everything.
        foreach (var header in good)
        {
            Assert.Equal(("200 allow", "200 allow"), await AnswersAsync(edge, header));
        }

        Assert.Equal(before + good.Length, edge.Upstream.Received.Count);
    }

    private static Task<EdgeUnderTest> StartAsync(AttackScene scene, TestTimeProvider time)
    {
        var bundle = $$"""
            format: edgeguard/v1
            bundle_version: 1
            issuers:
            {{scene.Issuers}}
            policies:
              - id: users
                spec:
                  selector: {pathPrefix: /}
                  rules:
                    - {name: per-user, limit_keys: ['jwt:sub'], algorithm: token_bucket, algorithm_config: {tokens_per_second: 1000, burst: 100000} }
            """;

        // Without the limit of failures: with it all but the first ones would be refused unread.
        return EdgeUnderTest.StartAsync(
            bundle,
            options => options with
            {
                FetchAllowedHosts = [scene.Main.BaseAddress.Authority, scene.Other.BaseAddress.Authority],
                IdentityFailures = new IdentityFailureOptions { Burst = 0 },
            },
            new EdgeHostSettings { Time = time });
    }

    private static async Task<(string Proxy, string Decision)> AnswersAsync(EdgeUnderTest edge, string authorization)
    {
        using var proxy = await edge.GetAsync("/a", ("Authorization", authorization));
        using var decision = await edge.DecideAsync("/a", ("Authorization", authorization));
        return (Describe(proxy), Describe(decision));
    }

    private static string Describe(HttpResponseMessage response) => $"{response.Verdict()} {response.Header("WWW-Authenticate")}".TrimEnd();

    private static string OfOther(AttackScene scene)
    {
        var claims = scene.Claims();
        claims["iss"] = scene.Other.Issuer;
        return scene.Other.Key("rsa-1").Sign(claims);
    }
}
