using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace EdgeGuard.Testing;

/// <summary>
/// A real identity provider's key endpoint on loopback, port 0: <c>/jwks.json</c> and <c>/.well-known/openid-configuration</c>.
/// Keys come and go while it runs; it can be down, slow or broken; it issues the tokens that go with its keys.
/// </summary>
public sealed class JwksServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Lock _lock = new();
    private readonly List<TestKey> _published = [];
    private readonly List<JsonObject> _raw = [];
    private readonly Dictionary<string, TestKey> _all = new(StringComparer.Ordinal);
    private Signal _release = new();

    private JwksServer(WebApplication app) => _app = app;

    public Uri BaseAddress { get; private set; } = null!;

    /// <summary>What <c>iss</c> of its tokens says.</summary>
    public string Issuer => BaseAddress.AbsoluteUri.TrimEnd('/');

    public string KeySetUrl => Issuer + "/jwks.json";

    public JwksMode Mode { get; set; }

    /// <summary>What the discovery document says of the key set's address; null leaves it out. The right one at first.</summary>
    public string? KeySetAddress { get; set; }

    /// <summary>Value of Cache-Control, or null for none.</summary>
    public string? CacheControl { get; set; }

    /// <summary>Paths that were asked for.</summary>
    public Recorder<string> Requests { get; } = new();

    /// <summary>Starts with one RSA key <c>rsa-1</c> and one EC key <c>ec-1</c>.</summary>
    public static async Task<JwksServer> StartAsync(X509Certificate2? tls = null)
    {
        WebApplication app = Loopback.CreateApp(tls);
        JwksServer server = new(app);
        app.Run(server.AnswerAsync);
        await app.StartAsync();
        server.BaseAddress = Loopback.AddressOf(app);
        server.KeySetAddress = server.KeySetUrl;
        server.Publish(TestKey.CreateRsa("rsa-1"));
        server.Publish(TestKey.CreateEc("ec-1"));
        return server;
    }

    /// <summary>Adds a key to the set.</summary>
    public TestKey Publish(TestKey key)
    {
        lock (_lock)
        {
            _published.RemoveAll(existing => existing.Id == key.Id);
            _published.Add(key);
            _all[key.Id] = key;
            return key;
        }
    }

    /// <summary>Adds a key exactly as it is written.</summary>
    public void PublishRaw(JsonObject jwk)
    {
        lock (_lock)
        {
            _raw.Add(jwk);
        }
    }

    /// <summary>Takes a key out of the set; tokens can still be signed with it.</summary>
    public void Withdraw(string keyId)
    {
        lock (_lock)
        {
            _published.RemoveAll(key => key.Id == keyId);
        }
    }

    public TestKey Key(string keyId)
    {
        lock (_lock)
        {
            return _all[keyId];
        }
    }

    /// <summary>
    /// A token with these claims, signed with a key of this server. <c>iss</c>, <c>iat</c>, and <c>exp</c> in an hour are added where
    /// they are missing; a claim given as null stays out.
    /// </summary>
    public string Issue(JsonObject claims, string keyId = "rsa-1", TimeProvider? time = null)
    {
        JsonObject all = claims.DeepClone().AsObject();
        long now = (time ?? TimeProvider.System).GetUtcNow().ToUnixTimeSeconds();
        foreach ((string name, JsonNode value) in new (string, JsonNode)[] { ("iss", Issuer), ("iat", now), ("exp", now + 3600) })
        {
            if (!all.ContainsKey(name))
            {
                all[name] = value;
            }
            else if (all[name] is null)
            {
                all.Remove(name);
            }
        }

        return Key(keyId).Sign(all);
    }

    /// <summary>Lets the answers go that <see cref="JwksMode.Slow"/> holds.</summary>
    public void ReleaseSlowAnswers() => Interlocked.Exchange(ref _release, new Signal()).Set();

    /// <summary>Stops to listen: connections are refused. Tokens can still be signed.</summary>
    public Task StopAsync()
    {
        ReleaseSlowAnswers();
        return _app.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        ReleaseSlowAnswers();
        await _app.DisposeAsync();
        foreach (TestKey key in _all.Values)
        {
            key.Dispose();
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        Requests.Add(context.Request.Path);
        if (Mode == JwksMode.Slow)
        {
            await _release.WaitAsync("release of slow answers");
        }

        if (CacheControl is not null)
        {
            context.Response.Headers.CacheControl = CacheControl;
        }

        switch (Mode)
        {
            case JwksMode.Down:
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            case JwksMode.Malformed:
                await context.Response.WriteAsync("<html>{\"keys\":[");
                return;
            case JwksMode.Redirect:
                context.Response.Redirect("http://localhost:1/jwks.json");
                return;
            case JwksMode.Oversized:
                await context.Response.WriteAsync("{\"keys\":[\"" + new string('k', 8 << 20) + "\"]}");
                return;
            default:
                await AnswerNormallyAsync(context);
                return;
        }
    }

    private async Task AnswerNormallyAsync(HttpContext context)
    {
        JsonObject answer;
        if (context.Request.Path == "/.well-known/openid-configuration")
        {
            answer = new JsonObject { ["issuer"] = Issuer };
            if (KeySetAddress is not null)
            {
                answer["jwks_uri"] = KeySetAddress;
            }
        }
        else if (context.Request.Path == "/jwks.json")
        {
            lock (_lock)
            {
                IEnumerable<TestKey> keys = Mode == JwksMode.Empty ? [] : _published;
                answer = new JsonObject { ["keys"] = new JsonArray([.. keys.Select(key => key.ToJwk()), .. _raw.Select(key => key.DeepClone())]) };
            }
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer.ToJsonString());
    }
}
