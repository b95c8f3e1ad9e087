using System.Text.Json.Nodes;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Pipeline;

public sealed class ClaimsTests
{
    [Fact]
    public async Task Claims_CountOnlyFromVerifiedTokens()
    {
        await using var server = await JwksServer.StartAsync();
        var time = new TestTimeProvider(TimeProvider.System.GetUtcNow());
        var bundle = $$"""
            format: edgeguard/v1
            bundle_version: 1
            issuers:
              - {id: main, issuer: '{{server.Issuer}}', audiences: [api], algorithms: [RS256], jwks_url: '{{server.KeySetUrl}}'}
            policies:
              - id: users
                spec:
                  selector: {pathPrefix: /}
                  rules:
                    - {name: per-user, limit_keys: ['jwt:sub'], algorithm: token_bucket, algorithm_config: {tokens_per_second: 1, burst: 1} }
            """;
        await using var edge = await EdgeUnderTest.StartAsync(
            bundle,
            options => options with { FetchAllowedHosts = [server.BaseAddress.Authority] },
            new EdgeGuard.Edge.Hosting.EdgeHostSettings { Time = time });
        string Token(string subject) => "Bearer " + server.Issue(new JsonObject { ["sub"] = subject, ["aud"] = "api" }, time: time);
        await Eventually.TrueAsync(async () =>
        {
            using var ready = await edge.GetAsync("/a", ("Authorization", Token("probe")));
            return ready.Verdict() is "200 allow" or "429 token_bucket_exceeded";
        });

        using var first = await edge.GetAsync("/a", ("Authorization", Token("eve")));
        using var second = await edge.GetAsync("/a", ("Authorization", Token("eve")));
        using var other = await edge.GetAsync("/a", ("Authorization", Token("bob")));
        using var forged = await edge.GetAsync("/a", ("Authorization", Token("carol")[..^8] + "AAAAAAAA"));
        using var none = await edge.GetAsync("/a");

        Assert.Equal("200 allow", first.Verdict());
        Assert.Equal("429 token_bucket_exceeded", second.Verdict());
        Assert.Equal("200 allow", other.Verdict());
        Assert.Equal("401 identity_invalid", forged.Verdict());
        Assert.Equal("Bearer error=\"invalid_token\"", forged.Header("WWW-Authenticate"));
        Assert.Equal("403 descriptor_missing", none.Verdict());
    }
}
