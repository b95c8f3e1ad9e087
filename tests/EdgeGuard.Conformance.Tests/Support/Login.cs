using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using EdgeGuard.Testing;

namespace EdgeGuard.Conformance.Tests.Support;

/// <summary>The issuer <c>https://login.example</c> that the suite's bundles name: a key, its key set, and tokens.</summary>
internal sealed class Login : HttpMessageHandler
{
    public const string Issuer = "https://login.example";
    public const string Host = "login.example";
    public const string Audience = "conformance";

    private readonly TestKey _key = TestKey.CreateEc("conformance-1");
    private readonly TestKey _foreign = TestKey.CreateEc("conformance-1");

    /// <summary>A token for the claims of a case. Texts stay texts: the case says values as the edge compares them.</summary>
    public string Issue(IEnumerable<KeyValuePair<string, JsonNode?>> claims, DateTimeOffset now) => _key.Sign(Complete(claims, now));

    /// <summary>The same, signed with a key that is not in the set.</summary>
    public string Forge(IEnumerable<KeyValuePair<string, JsonNode?>> claims, DateTimeOffset now) => _foreign.Sign(Complete(claims, now));

    /// <summary>The same without a signature, as <c>alg: none</c>.</summary>
    public string Unsigned(IEnumerable<KeyValuePair<string, JsonNode?>> claims, DateTimeOffset now)
    {
        var signed = _key.Sign(new JsonObject { ["alg"] = "none", ["typ"] = "JWT" }, Complete(claims, now));
        return signed[..(signed.LastIndexOf('.') + 1)];
    }

    /// <summary>A well signed token whose payload is the number 1.</summary>
    public string NotAnObject()
    {
        var header = new JsonObject { ["alg"] = "ES256", ["typ"] = "JWT", ["kid"] = "conformance-1" };
        return _key.SignText(Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header.ToJsonString())) + "." + Base64Url.EncodeToString("1"u8));
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var set = new JsonObject { ["keys"] = new JsonArray(_key.ToJwk()) };
        return Task.FromResult(new HttpResponseMessage { Content = new StringContent(set.ToJsonString(), Encoding.UTF8, "application/json") });
    }

    protected override void Dispose(bool disposing)
    {
        _key.Dispose();
        _foreign.Dispose();
        base.Dispose(disposing);
    }

    private static JsonObject Complete(IEnumerable<KeyValuePair<string, JsonNode?>> claims, DateTimeOffset now)
    {
        var all = new JsonObject
        {
            ["iss"] = Issuer,
            ["aud"] = Audience,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = now.ToUnixTimeSeconds() + 3600,
        };
        foreach (var (name, value) in claims)
        {
            all[name] = value;
        }

        return all;
    }
}
