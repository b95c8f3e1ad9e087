using System.Net;
using System.Security.Cryptography;
using System.Text;
using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Identity;

/// <summary>
/// Signed requests over HTTP/2, where method, scheme, host and target come as pseudo-headers (RFC 9113 section 8.3.1): they are what <c>@method</c>,
/// <c>@scheme</c>, <c>@authority</c> and <c>@path</c> stand for. What is signed is put together by hand.
/// </summary>
public sealed class SignedOverHttp2Tests
{
    private const string Secret = "0123456789abcdef0123456789abcdef";
    private const string Parts = "\"@method\" \"@scheme\" \"@authority\" \"@path\" \"@query\" \"@target-uri\" \"@request-target\"";

    [Fact]
    public async Task EnvoyDoor_SignatureOverPseudoHeaders_PassesAndAnyChangeOfThemDoesNot()
    {
        await using var edge = await StartAsync();
        using var client = new HttpClient
        {
            BaseAddress = new Uri(edge.Host.AddressOf(DoorTag.DecisionHttp2)!),
            Timeout = Eventually.Generous,
        };

        Assert.Equal(401, await SendAsync(edge, client, "n-1", method: "PUT"));
        Assert.Equal(401, await SendAsync(edge, client, "n-1", host: "other.example"));
        Assert.Equal(401, await SendAsync(edge, client, "n-1", target: "/agents/b?q=1"));
        Assert.Equal(401, await SendAsync(edge, client, "n-1", target: "/agents/a?q=2"));
        Assert.Equal(401, await SendAsync(edge, client, "n-1", target: "/agents/a"));
        Assert.Equal(401, await SendAsync(edge, client, "n-1", signedScheme: "https"));

        // Case and default port of the host are not a part of what is signed (RFC 9421 section 2.2.3).
        Assert.Equal(200, await SendAsync(edge, client, "n-1", host: "API.example:80"));
        Assert.Equal(401, await SendAsync(edge, client, "n-1"));
        Assert.Equal(200, await SendAsync(edge, client, "n-2"));
    }

    private static async Task<int> SendAsync(
        EdgeUnderTest edge, HttpClient client, string nonce, string method = "GET", string host = "api.example", string target = "/agents/a?q=1", string signedScheme = "http")
    {
        var created = edge.Time.GetUtcNow().ToUnixTimeSeconds();
        var parameters = $"({Parts});created={created};keyid=\"bot\";nonce=\"{nonce}\"";
        var signed = $"\"@method\": GET\n\"@scheme\": {signedScheme}\n\"@authority\": api.example\n\"@path\": /agents/a\n\"@query\": ?q=1\n"
            + $"\"@target-uri\": {signedScheme}://api.example/agents/a?q=1\n\"@request-target\": /agents/a?q=1\n\"@signature-params\": {parameters}";
        var mac = Convert.ToBase64String(HMACSHA256.HashData(Encoding.ASCII.GetBytes(Secret), Encoding.ASCII.GetBytes(signed)));
        using var request = new HttpRequestMessage(new HttpMethod(method), "/v1/decision/envoy" + target)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Host = host;
        request.Headers.TryAddWithoutValidation("Signature-Input", "s=" + parameters);
        request.Headers.TryAddWithoutValidation("Signature", $"s=:{mac}:");
        using var response = await client.SendAsync(request);
        Assert.Equal(HttpVersion.Version20, response.Version);
        return (int)response.StatusCode;
    }

    private static Task<EdgeUnderTest> StartAsync() => EdgeUnderTest.StartAsync(
        """
        format: edgeguard/v1
        bundle_version: 1
        agents:
          - {id: bot, scheme: http_message_signature, algorithm: hmac-sha256, secret: '${env:BOT_SECRET}'}
        policies:
          - id: agents
            spec:
              selector: {pathPrefix: /agents}
              identity: required
              identity_options: {kinds: [agent]}
              rules:
                - {name: per-agent, limit_keys: ['agent:id'], algorithm: token_bucket, algorithm_config: {tokens_per_second: 1, burst: 10} }
        """,
        options => options with { ReferenceEnvironment = ["BOT_SECRET"], Listen = options.Listen with { DecisionHttp2 = "127.0.0.1:0" } },
        new EdgeHostSettings { Environment = name => name == "BOT_SECRET" ? Secret : null });
}
