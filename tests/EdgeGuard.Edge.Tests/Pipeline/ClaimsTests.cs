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

    [Theory]
    [InlineData("rsa-1", "ec-1")]
    [InlineData("ec-1", "rsa-1")]
    public async Task KeyFile_ThatChanges_IsReadAgainWhileTrafficFlows(string first, string second)
    {
        using var keys = new TempFolder();
        await using var server = await JwksServer.StartAsync();
        var time = new TestTimeProvider(TimeProvider.System.GetUtcNow());
        void Publish(string id) => keys.Write("jwks.json", new JsonObject { ["keys"] = new JsonArray(server.Key(id).ToJwk()) }.ToJsonString());
        Publish(first);
        var bundle = $$"""
            format: edgeguard/v1
            bundle_version: 1
            issuers:
              - {id: main, issuer: '{{server.Issuer}}', audiences: [api], algorithms: [RS256, ES256], jwks_file: '{{keys.Combine("jwks.json")}}'}
            policies:
              - id: users
                spec:
                  selector: {pathPrefix: /}
                  rules:
                    - {name: per-user, limit_keys: ['jwt:sub'], algorithm: token_bucket, algorithm_config: {tokens_per_second: 1000, burst: 100000} }
            """;
        await using var edge = await EdgeUnderTest.StartAsync(
            bundle,
            options => options with { ReferenceFiles = [keys.Path] },
            new EdgeGuard.Edge.Hosting.EdgeHostSettings { Time = time });
        async Task<string> AskAsync(string key)
        {
            var token = server.Issue(new JsonObject { ["sub"] = "eve", ["aud"] = "api" }, key, time);
            using var response = await edge.GetAsync("/a", ("Authorization", "Bearer " + token));
            return response.Verdict();
        }

        await Eventually.TrueAsync(async () => await AskAsync(first) == "200 allow");
        Assert.Equal("401 identity_invalid", await AskAsync(second));

        Publish(second);
        await Eventually.TrueAsync(async () =>
        {
            time.Advance(TimeSpan.FromSeconds(5));
            return await AskAsync(second) == "200 allow";
        });
        Assert.Equal("401 identity_invalid", await AskAsync(first));
        Assert.Equal(0, server.Requests.Count);
    }
}
