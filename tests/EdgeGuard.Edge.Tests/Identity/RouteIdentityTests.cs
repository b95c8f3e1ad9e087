using System.Text.Json.Nodes;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Identity;

/// <summary>What a route demands of its callers, and what it tells the upstream of them.</summary>
public sealed class RouteIdentityTests
{
    [Fact]
    public async Task Refusals_SayWhatToPresent()
    {
        await using var server = await JwksServer.StartAsync();
        await using var edge = await StartAsync(server);
        var known = server.Issue(new JsonObject { ["sub"] = "ann", ["aud"] = "api" }, time: edge.Time);

        using var none = await edge.GetAsync("/users");
        using var opaque = await edge.GetAsync("/users", ("Authorization", "Basic YTpi"));
        using var forged = await edge.GetAsync("/users", ("Authorization", "Bearer " + known[..^8] + "AAAAAAAA"));
        using var good = await edge.GetAsync("/users", ("Authorization", "Bearer " + known));
        using var unscoped = await edge.GetAsync("/admin", ("Authorization", "Bearer " + known));
        using var open = await edge.GetAsync("/open", ("Authorization", "Bearer broken"));

        Assert.Equal(("401 identity_required", "Bearer"), (none.Verdict(), none.Header("WWW-Authenticate")));
        Assert.Equal(("401 identity_required", "Bearer"), (opaque.Verdict(), opaque.Header("WWW-Authenticate")));
        Assert.Equal(("401 identity_invalid", "Bearer error=\"invalid_token\""), (forged.Verdict(), forged.Header("WWW-Authenticate")));
        Assert.Equal("200 allow", good.Verdict());
        Assert.Equal(
            ("403 scope_denied", "Bearer error=\"insufficient_scope\", scope=\"admin audit\""),
            (unscoped.Verdict(), unscoped.Header("WWW-Authenticate")));
        Assert.Equal("200 allow", open.Verdict());
    }

    [Theory]
    [InlineData("X-User-Id")]
    [InlineData("x_user_id")]
    [InlineData("X_User-Id")]
    [InlineData("X.User.Id")]
    [InlineData("x~user-id")]
    [InlineData("x!user|id")]
    public async Task ForwardedIdentity_IsTheVerifiedOneAndNobodyElses(string twin)
    {
        await using var server = await JwksServer.StartAsync();
        await using var edge = await StartAsync(server);
        var token = "Bearer " + server.Issue(new JsonObject { ["sub"] = "ann", ["aud"] = "api" }, time: edge.Time);

        (await edge.GetAsync("/users", ("Authorization", token), (twin, "root"))).Dispose();
        (await edge.GetAsync("/open", (twin, "root"))).Dispose();
        (await edge.GetAsync("/users", ("Authorization", token), ("Connection", "x-user-id, x-team, close"))).Dispose();

        var seen = edge.Upstream.Received.Items;
        Assert.Equal("ann", seen[0].Headers["x-user-id"]);
        Assert.Equal("x-user-id", Assert.Single(seen[0].Headers.Keys, IsUserId), ignoreCase: true);
        Assert.DoesNotContain(seen[1].Headers.Keys, IsUserId);
        Assert.Equal("ann", seen[2].Headers["x-user-id"]);
    }

    private static bool IsUserId(string header) =>
        string.Join('-', header.Split([.. "_-.~!|"])).Equals("x-user-id", StringComparison.OrdinalIgnoreCase);

    // Headers of known callers are remembered: never those of one caller for another, nor of one policy for another.
    [Fact]
    public async Task ForwardedIdentity_OfCallersInTurn_IsEachOnesOwn()
    {
        await using var server = await JwksServer.StartAsync();
        await using var edge = await StartAsync(server);
        string[] users = ["ann", "bob", "cid"];
        var tokens = users.Select(user => "Bearer " + server.Issue(new JsonObject { ["sub"] = user, ["aud"] = "api" }, time: edge.Time)).ToArray();
        for (var round = 0; round < 3; round++)
        {
            foreach (var token in tokens)
            {
                (await edge.GetAsync("/users", ("Authorization", token))).Dispose();
                (await edge.GetAsync("/open", ("Authorization", token))).Dispose();
            }
        }

        var seen = edge.Upstream.Received.Items;
        Assert.Equal(
            Enumerable.Repeat(users.SelectMany(user => (string[])[user, string.Empty]), 3).SelectMany(round => round),
            seen.Select(request => request.Headers.GetValueOrDefault("x-user-id", string.Empty)));
    }

    [Fact]
    public async Task ForwardedIdentity_CannotEndItsHeader()
    {
        await using var server = await JwksServer.StartAsync();
        await using var edge = await StartAsync(server);
        var token = server.Issue(new JsonObject { ["sub"] = " ann\r\nX-Admin: 1 50% \u00e9", ["aud"] = "api" }, time: edge.Time);

        (await edge.GetAsync("/users", ("Authorization", "Bearer " + token))).Dispose();

        var seen = Assert.Single(edge.Upstream.Received.Items);
        Assert.Equal("%20ann%0D%0AX-Admin: 1 50%25 %C3%A9", seen.Headers["x-user-id"]);
        Assert.False(seen.Headers.ContainsKey("X-Admin"));
    }

    [Fact]
    public async Task DecisionDoor_TellsTheIdentityToItsGateway()
    {
        await using var server = await JwksServer.StartAsync();
        await using var edge = await StartAsync(server);
        var token = server.Issue(new JsonObject { ["sub"] = "ann", ["aud"] = "api" }, time: edge.Time);

        using var answer = await edge.DecideAsync("/users", ("Authorization", "Bearer " + token));
        using var open = await edge.DecideAsync("/open", ("X-User-Id", "root"));

        Assert.Equal("ann", answer.Header("X-User-Id"));
        Assert.Null(open.Header("X-User-Id"));
    }

    private static async Task<EdgeUnderTest> StartAsync(JwksServer server)
    {
        var bundle = $$"""
            format: edgeguard/v1
            bundle_version: 1
            issuers:
              - {id: main, issuer: '{{server.Issuer}}', audiences: [api], algorithms: [RS256], jwks_url: '{{server.KeySetUrl}}'}
            policies:
              - id: users
                spec:
                  selector: {pathPrefix: /users}
                  identity: required
                  identity_options: {forward_headers: {x-user-id: 'jwt:sub', x-team: 'jwt:team'} }
                  rules: []
              - id: admin
                spec:
                  selector: {pathPrefix: /admin}
                  identity: required
                  identity_options: {scopes: [admin, audit]}
                  rules: []
              - id: open
                spec: {selector: {pathPrefix: /open}, rules: [] }
            """;
        var edge = await EdgeUnderTest.StartAsync(
            bundle, options => options with { FetchAllowedHosts = [server.BaseAddress.Authority] }, new EdgeHostSettings());
        var probe = "Bearer " + server.Issue(new JsonObject { ["sub"] = "probe", ["aud"] = "api" }, time: edge.Time);
        await Eventually.TrueAsync(async () =>
        {
            using var ready = await edge.DecideAsync("/users", ("Authorization", probe));
            return ready.Verdict() == "200 allow";
        });
        return edge;
    }
}
