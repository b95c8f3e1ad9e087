using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Testing;
using Microsoft.AspNetCore.Http;

namespace EdgeGuard.Edge.Tests.Identity;

/// <summary>Requests that libraries of others have signed (RFC 9421), at a real edge: taken as they are, refused when anything of them was changed.</summary>
public sealed class SignaturePeerTests
{
    private const string Body = "{\"amount\":7}";
    private const string Refused = "401 identity_invalid";

    private static readonly string Secret = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    private static readonly byte[] BotSeed = RandomNumberGenerator.GetBytes(32);

    [Theory]
    [InlineData("ed", "ed25519")]
    [InlineData("ec", "ecdsa-p256-sha256")]
    [InlineData("mac", "hmac-sha256")]
    public async Task Proxy_RequestSignedByAPeer_PassesAndAnyChangeOfItDoesNot(string id, string algorithm)
    {
        Assert.SkipUnless(NodePeer.Signatures.Obstacle.Length == 0, NodePeer.Signatures.Obstacle);
        var seed = RandomNumberGenerator.GetBytes(32);
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var directory = await StartDirectoryAsync();
        await using var edge = await StartAsync(seed, ec, directory);
        var key = algorithm switch { "ed25519" => PrivatePem(seed), "hmac-sha256" => Secret, _ => ec.ExportPkcs8PrivateKeyPem() };
        var now = edge.Time.GetUtcNow().ToUnixTimeSeconds();
        JsonObject Ask(string method, string[] fields, string nonce, bool hasBody) => new()
        {
            ["algorithm"] = algorithm,
            ["keyId"] = id,
            ["key"] = key,
            ["method"] = method,
            ["url"] = edge.Proxy!.BaseAddress!.AbsoluteUri.TrimEnd('/') + "/agents/a%20b?q=1&r=%20x",
            ["headers"] = Headers(hasBody),
            ["fields"] = new JsonArray([.. fields.Select(field => (JsonNode)field)]),
            ["created"] = now,
            ["expires"] = now + 60,
            ["nonce"] = nonce,
        };

        string[] line = ["@method", "@authority", "@path", "@query", "x-tenant"];
        var signed = (await NodePeer.Signatures.AskAsync(new JsonObject
        {
            ["sign"] = new JsonArray(
                Ask("GET", line, "n-1", false),
                Ask("POST", [.. line, "content-digest", "content-type"], "n-2", true),
                Ask("GET", ["@method", "@target-uri", "x-tenant"], "n-3", false),
                Ask("GET", ["@method", "@authority", "@request-target", "@scheme", "@query-param;name=\"q\"", "x-tenant"], "n-4", false)),
        }))["signed"]!.AsArray().Select(item => item!.AsObject()).ToArray();

        // What was changed first: afterwards the nonce is used up.
        Assert.Equal(Refused, await SendAsync(edge, "PUT", signed[0]));
        Assert.Equal(Refused, await SendAsync(edge, "GET", signed[0], "/agents/a%20c?q=1&r=%20x"));
        Assert.Equal(Refused, await SendAsync(edge, "GET", signed[0], "/agents/a%20b?q=2&r=%20x"));
        Assert.Equal(Refused, await SendAsync(edge, "GET", signed[0], "/agents/a%20b?q=1&r=+x"));
        Assert.Equal(Refused, await SendAsync(edge, "GET", With(signed[0], "x-tenant", "green")));
        Assert.Equal(Refused, await SendAsync(edge, "GET", With(signed[0], "Signature-Input", Input(signed[0]).Replace($"keyid=\"{id}\"", id == "ed" ? "keyid=\"ec\"" : "keyid=\"ed\"", StringComparison.Ordinal))));
        Assert.Equal(Refused, await SendAsync(edge, "GET", With(signed[0], "Signature-Input", Input(signed[0]).Replace($"expires={now + 60}", $"expires={now + 61}", StringComparison.Ordinal))));
        Assert.Equal(Refused, await SendAsync(edge, "GET", With(signed[0], "Signature-Input", Input(signed[0]).Replace(" \"x-tenant\"", "", StringComparison.Ordinal))));
        Assert.Equal(Refused, await SendAsync(edge, "GET", With(signed[0], "Signature", signed[2]["Signature"]!.GetValue<string>())));
        Assert.Equal(Refused, await SendAsync(edge, "POST", signed[1], body: "{\"amount\":8}"));
        Assert.Equal(Refused, await SendAsync(edge, "POST", With(signed[1], "Content-Digest", DigestOf("{\"amount\":8}")), body: "{\"amount\":8}"));
        Assert.Empty(edge.Upstream.Received.Items);

        Assert.Equal("200 allow", await SendAsync(edge, "GET", signed[0]));
        Assert.Equal("200 allow", await SendAsync(edge, "POST", signed[1], body: Body));
        Assert.Equal("200 allow", await SendAsync(edge, "GET", signed[2]));
        Assert.Equal("200 allow", await SendAsync(edge, "GET", signed[3]));
        Assert.Equal(Refused, await SendAsync(edge, "GET", signed[0]));
        Assert.Equal([id, id, id, id], edge.Upstream.Received.Items.Select(request => request.Headers["x-agent"]));
    }

    [Fact]
    public async Task Proxy_BotOfTheWebBotAuthPackage_PassesByTheKeyItPublishes()
    {
        Assert.SkipUnless(NodePeer.Signatures.Obstacle.Length == 0, NodePeer.Signatures.Obstacle);
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var directory = await StartDirectoryAsync();
        await using var edge = await StartAsync(RandomNumberGenerator.GetBytes(32), ec, directory);
        var now = edge.Time.GetUtcNow().ToUnixTimeSeconds();
        var jwk = BotKey();
        jwk["d"] = Base64Url.EncodeToString(BotSeed);
        var answer = await NodePeer.Signatures.AskAsync(new JsonObject
        {
            ["bots"] = new JsonArray(new JsonObject
            {
                ["jwk"] = jwk,
                ["url"] = edge.Proxy!.BaseAddress!.AbsoluteUri.TrimEnd('/') + "/agents/a",
                ["headers"] = new JsonObject { ["Signature-Agent"] = $"\"{directory.Address.GetLeftPart(UriPartial.Authority)}\"" },
                ["created"] = now,
                ["expires"] = now + 60,
            }),
        });
        var signed = answer["signed"]![0]!.AsObject();

        Assert.Equal("200 allow", await SendAsync(edge, "GET", signed, "/agents/a"));
        Assert.Equal(Refused, await SendAsync(edge, "GET", With(signed, "Signature-Agent", "\"https://other.example\""), "/agents/a"));
        Assert.Equal(Refused, await SendAsync(edge, "GET", With(signed, "Signature-Input", Input(signed).Replace("web-bot-auth", "other", StringComparison.Ordinal)), "/agents/a"));
        Assert.Equal("bot", Assert.Single(edge.Upstream.Received.Items).Headers["x-agent"]);
        Assert.Equal("/.well-known/http-message-signatures-directory", Assert.Single(directory.Received.Items).RawTarget);
    }

    private static JsonObject Headers(bool hasBody)
    {
        var headers = new JsonObject { ["x-tenant"] = "blue" };
        if (hasBody)
        {
            headers["Content-Digest"] = DigestOf(Body);
            headers["Content-Type"] = "application/json";
        }

        return headers;
    }

    private static string DigestOf(string body) => $"sha-256=:{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(body)))}:";

    private static string Input(JsonObject headers) => headers["Signature-Input"]!.GetValue<string>();

    private static JsonObject With(JsonObject headers, string name, string value)
    {
        var changed = headers.DeepClone().AsObject();
        Assert.NotEqual(changed[name]!.GetValue<string>(), value);
        changed[name] = value;
        return changed;
    }

    private static async Task<string> SendAsync(EdgeUnderTest edge, string method, JsonObject headers, string target = "/agents/a%20b?q=1&r=%20x", string? body = null)
    {
        var address = new Uri(edge.Proxy!.BaseAddress!.AbsoluteUri.TrimEnd('/') + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        }

        foreach (var (name, value) in headers)
        {
            _ = request.Headers.TryAddWithoutValidation(name, value!.GetValue<string>())
                || request.Content!.Headers.TryAddWithoutValidation(name, value!.GetValue<string>());
        }

        using var response = await edge.Proxy.SendAsync(request);
        return response.Verdict();
    }

    private static async Task<FakeUpstream> StartDirectoryAsync()
    {
        var directory = await FakeUpstream.StartAsync();
        directory.Answer = context => context.Response.WriteAsync($"{{\"keys\":[{BotKey().ToJsonString()}]}}");
        return directory;
    }

    private static JsonObject BotKey() => new() { ["kty"] = "OKP", ["crv"] = "Ed25519", ["x"] = Base64Url.EncodeToString(TestEd25519.PublicKey(BotSeed)) };

    // RFC 8410 section 7: the seed in a PrivateKeyInfo.
    private static string PrivatePem(byte[] seed) => PemEncoding.WriteString("PRIVATE KEY", [.. Convert.FromHexString("302e020100300506032b657004220420"), .. seed]);

    private static Task<EdgeUnderTest> StartAsync(byte[] seed, ECDsa ec, FakeUpstream directory)
    {
        var ed = PemEncoding.WriteString("PUBLIC KEY", [.. Convert.FromHexString("302a300506032b6570032100"), .. TestEd25519.PublicKey(seed)]);
        var bundle = $$"""
            format: edgeguard/v1
            bundle_version: 1
            agents:
              - {id: ed, scheme: http_message_signature, algorithm: ed25519, public_key: "{{ed.ReplaceLineEndings("\\n")}}"}
              - {id: ec, scheme: http_message_signature, algorithm: ecdsa-p256-sha256, public_key: "{{ec.ExportSubjectPublicKeyInfoPem().ReplaceLineEndings("\\n")}}"}
              - {id: mac, scheme: http_message_signature, algorithm: hmac-sha256, secret: '${env:MAC_SECRET}'}
              - {id: bot, scheme: http_message_signature, algorithm: ed25519, key_directory: '{{directory.Address.GetLeftPart(UriPartial.Authority)}}/.well-known/http-message-signatures-directory', required_components: ["@authority"]}
            policies:
              - id: agents
                spec:
                  selector: {pathPrefix: /agents}
                  identity: required
                  identity_options: {kinds: [agent], forward_headers: {x-agent: 'agent:id'} }
                  rules: []
            """;
        return EdgeUnderTest.StartAsync(
            bundle,
            options => options with { ReferenceEnvironment = ["MAC_SECRET"], FetchAllowedHosts = [directory.Address.Authority] },
            new EdgeHostSettings { Environment = name => name == "MAC_SECRET" ? "base64:" + Secret : null });
    }
}
