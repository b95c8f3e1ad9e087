using System.Text.Json.Nodes;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Identity;

/// <summary>DPoP proofs (RFC 9449) that a library of others has made, at a real edge.</summary>
public sealed class ProofPeerTests
{
    private const string Refused = "401 identity_invalid";

    [Fact]
    public async Task Proxy_ProofsOfAPeer_PassForTheirTokenMethodAndAddressOnly()
    {
        Assert.SkipUnless(NodePeer.Proofs.Obstacle.Length == 0, NodePeer.Proofs.Obstacle);
        await using var server = await JwksServer.StartAsync();
        await using var edge = await StartAsync(server);
        var made = (await NodePeer.Proofs.AskAsync(new JsonObject { ["algorithms"] = new JsonArray("ES256", "EdDSA", "RS256", "PS256", "ES384") }))["keys"]!
            .AsArray().Select(item => item!.AsObject()).ToArray();
        var tokens = made.Select(key => server.Issue(
            new JsonObject { ["sub"] = "ann", ["aud"] = "api", ["cnf"] = new JsonObject { ["jkt"] = key["thumbprint"]!.GetValue<string>() } }, time: edge.Time)).ToArray();
        var now = edge.Time.GetUtcNow().ToUnixTimeSeconds();
        var address = edge.Proxy!.BaseAddress!.AbsoluteUri.TrimEnd('/') + "/users/a%20b";
        JsonNode Ask(int key, int token, string method, string target, long at) => new JsonObject
        {
            ["algorithm"] = made[key]["algorithm"]!.GetValue<string>(),
            ["key"] = made[key]["key"]!.DeepClone(),
            ["token"] = tokens[token],
            ["method"] = method,
            ["address"] = target,
            ["now"] = at,
        };
        JsonNode[] wanted =
        [
            .. Enumerable.Range(0, made.Length).Select(index => Ask(index, index, "GET", address, now)),
            Ask(0, 1, "GET", address, now),
            Ask(0, 0, "POST", address, now),
            Ask(0, 0, "GET", address + "c", now),
            Ask(0, 0, "GET", address, now - 91),
            Ask(0, 0, "GET", address, now + 31),
        ];
        var proofs = (await NodePeer.Proofs.AskAsync(new JsonObject { ["proofs"] = new JsonArray(wanted) }))["proofs"]!
            .AsArray().Select(item => item!.GetValue<string>()).ToArray();

        for (var i = 0; i < made.Length; i++)
        {
            // Another's proof, none, a copy of a token, and then its own; once.
            Assert.Equal(Refused, await SendAsync(edge, "DPoP", tokens[i], proofs[(i + 1) % made.Length]));
            Assert.Equal(Refused, await SendAsync(edge, "DPoP", tokens[i], null));
            Assert.Equal(Refused, await SendAsync(edge, "Bearer", tokens[i], proofs[i]));
            Assert.Equal("200 allow", await SendAsync(edge, "DPoP", tokens[i], proofs[i]));
            Assert.Equal(Refused, await SendAsync(edge, "DPoP", tokens[i], proofs[i]));
        }

        foreach (var proof in proofs.Skip(made.Length))
        {
            Assert.Equal(Refused, await SendAsync(edge, "DPoP", tokens[0], proof));
        }

        Assert.Equal(made.Length, edge.Upstream.Received.Count);
    }

    private static async Task<string> SendAsync(EdgeUnderTest edge, string scheme, string token, string? proof)
    {
        var (authorization, header) = (("Authorization", $"{scheme} {token}"), ("DPoP", proof ?? string.Empty));
        using var response = proof is null ? await edge.GetAsync("/users/a%20b", authorization) : await edge.GetAsync("/users/a%20b", authorization, header);
        return response.Verdict();
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
                spec: {selector: {pathPrefix: /users}, identity: required, rules: [] }
            """;
        return await EdgeUnderTest.StartAsync(bundle, options => options with { FetchAllowedHosts = [server.BaseAddress.Authority] }, new EdgeHostSettings());
    }
}
