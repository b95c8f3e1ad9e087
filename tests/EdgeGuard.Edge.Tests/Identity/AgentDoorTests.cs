using System.Security.Cryptography;
using System.Text;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Tests.Support;

namespace EdgeGuard.Edge.Tests.Identity;

/// <summary>Agents at the doors of an edge. What is signed is put together by hand here, so that the edge's own reading of the RFCs is not its own judge.</summary>
public sealed class AgentDoorTests
{
    private const string Secret = "0123456789abcdef0123456789abcdef";

    [Fact]
    public async Task Proxy_MessageSignature_PassesOnceAndIsForwardedAsWhoItIs()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var edge = await StartAsync(key);
        var created = edge.Time.GetUtcNow().ToUnixTimeSeconds();
        var authority = edge.Proxy!.BaseAddress!.Authority;
        var parameters = $"(\"@method\" \"@authority\" \"@path\" \"@query\" \"x-tenant\");created={created};keyid=\"crawler\";nonce=\"n-1\"";
        var signed = $"\"@method\": GET\n\"@authority\": {authority}\n\"@path\": /agents/a%20b\n\"@query\": ?q=1\n\"x-tenant\": blue\n\"@signature-params\": {parameters}";
        var signature = Convert.ToBase64String(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
        (string, string)[] headers = [("Signature-Input", "s=" + parameters), ("Signature", $"s=:{signature}:"), ("X-Tenant", " blue "), ("X-Agent", "forged")];

        using var first = await edge.GetAsync("/agents/a%20b?q=1", headers);
        using var again = await edge.GetAsync("/agents/a%20b?q=1", headers);
        using var elsewhere = await edge.GetAsync("/agents/a%20b?q=2", headers);
        using var none = await edge.GetAsync("/agents/a%20b?q=1");

        Assert.Equal("200 allow", first.Verdict());
        Assert.Equal("401 identity_invalid", again.Verdict());
        Assert.Equal("401 identity_invalid", elsewhere.Verdict());
        Assert.Equal("401 identity_required", none.Verdict());
        Assert.Equal("crawler", Assert.Single(edge.Upstream.Received.Items).Headers["x-agent"]);
    }

    [Fact]
    public async Task Proxy_KeyedHashOverABody_PassesAndTheBodyArrivesWhole()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var edge = await StartAsync(key);
        const string Body = "{\"amount\":7}";

        using var good = await PostAsync(edge, Body, Body, "nonce-0001");
        using var changed = await PostAsync(edge, Body, "{\"amount\":8}", "nonce-0002");

        Assert.Equal("200 allow", good.Verdict());
        Assert.Equal("401 identity_invalid", changed.Verdict());
        Assert.Equal(Body, Encoding.UTF8.GetString(Assert.Single(edge.Upstream.Received.Items).Body));
    }

    [Fact]
    public async Task Bundle_WithAWeakSecret_IsRefused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        var problem = await Assert.ThrowsAsync<StartException>(() => StartAsync(key, "short"));

        var finding = Assert.Single(problem.Diagnostics, finding => finding.Code == EdgeCodes.SecretTooWeak);
        Assert.DoesNotContain("short\"", finding.ToString(), StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> PostAsync(EdgeUnderTest edge, string signedBody, string body, string nonce)
    {
        var created = edge.Time.GetUtcNow().ToUnixTimeSeconds();
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(signedBody));
        var text = $"edgeguard-hmac-v1\nbilling\n{created}\n{nonce}\nPOST\n{edge.Proxy!.BaseAddress!.Authority}\n/agents/pay\n{Convert.ToHexStringLower(digest)}";
        var mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.ASCII.GetBytes(text));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/agents/pay") { Content = new StringContent(body) };
        request.Headers.TryAddWithoutValidation(
            "X-Agent-Signature",
            $"keyid=\"billing\", created={created}, nonce=\"{nonce}\", digest=:{Convert.ToBase64String(digest)}:, mac=:{Convert.ToBase64String(mac)}:");
        return await edge.Proxy!.SendAsync(request);
    }

    private static Task<EdgeUnderTest> StartAsync(ECDsa key, string secret = Secret)
    {
        var pem = key.ExportSubjectPublicKeyInfoPem().ReplaceLineEndings("\n        ");
        var bundle = $$"""
            format: edgeguard/v1
            bundle_version: 1
            agents:
              - id: crawler
                scheme: http_message_signature
                algorithm: ecdsa-p256-sha256
                public_key: |
                    {{pem.Replace("\n        ", "\n                    ", StringComparison.Ordinal)}}
              - {id: billing, scheme: hmac, algorithm: hmac-sha256, secret: '${env:BOT_SECRET}'}
            policies:
              - id: agents
                spec:
                  selector: {pathPrefix: /agents}
                  identity: required
                  identity_options: {kinds: [agent], forward_headers: {x-agent: 'agent:id'} }
                  rules:
                    - {name: per-agent, limit_keys: ['agent:id'], algorithm: token_bucket, algorithm_config: {tokens_per_second: 1, burst: 10} }
            """;
        return EdgeUnderTest.StartAsync(
            bundle,
            options => options with { ReferenceEnvironment = ["BOT_SECRET"] },
            new EdgeHostSettings { Environment = name => name == "BOT_SECRET" ? secret : null });
    }
}
