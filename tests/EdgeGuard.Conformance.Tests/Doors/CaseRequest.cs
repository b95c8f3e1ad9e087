using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Conformance.Tests.Cases;
using EdgeGuard.Conformance.Tests.Support;

namespace EdgeGuard.Conformance.Tests.Doors;

/// <summary>A case's request as HTTP.</summary>
internal static class CaseRequest
{
    /// <summary>Client of a request that names none.</summary>
    public const string DefaultAddress = "192.0.2.1";

    /// <summary>Makes the request for a door.</summary>
    /// <param name="request">The case's request.</param>
    /// <param name="door">Where it goes.</param>
    /// <param name="client">Whose base address it goes to.</param>
    /// <param name="trusted">Whether the edge trusts what proxies say of the client.</param>
    /// <param name="login">Signs claims.</param>
    /// <param name="now">Virtual time.</param>
    public static HttpRequestMessage Make(
        PolicyTestRequest request, Door door, HttpClient client, bool trusted, Login login, DateTimeOffset now)
    {
        if (request is { Webhook: not null, Body: null })
        {
            request = request with { Body = WebhookSigner.NewBody() };
        }

        var message = Begin(request, door, client);
        if (request.Body is { } body)
        {
            message.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        if (trusted)
        {
            Add(message, "X-Forwarded-For", request.Ip ?? DefaultAddress);
        }

        if ((request.Invalid & CredentialKinds.Jwt) != CredentialKinds.None)
        {
            // The signature is another token's.
            var (one, other) = (login.Issue([new("sub", "one")], now), login.Issue([new("sub", "other")], now));
            Add(message, "Authorization", "Bearer " + one[..one.LastIndexOf('.')] + other[other.LastIndexOf('.')..]);
        }
        else if (!request.Claims.IsEmpty || !request.ClaimLists.IsEmpty)
        {
            Add(message, "Authorization", "Bearer " + login.Issue(ClaimsOf(request), now));
        }

        foreach (var (name, value) in request.Webhook is { } webhook ? WebhookSigner.Headers(webhook, request.Body!, now) : [])
        {
            Add(message, name, value);
        }

        foreach (var (key, value) in request.Facts)
        {
            // Of a key only its id is looked up: what it has besides is the bundle's to know.
            if (key.Kind != DescriptorKind.KeyProperty)
            {
                Add(message, FactHeaders.NameOf(key), value);
            }
            else if (key.Name == "id")
            {
                Add(message, ApiKeys.Header, ApiKeys.Of(value));
            }
        }

        foreach (var (name, value) in request.Headers)
        {
            Add(message, name, value);
        }

        return message;
    }

    private static HttpRequestMessage Begin(PolicyTestRequest request, Door door, HttpClient client)
    {
        if (door is Door.Proxy or Door.Envoy or Door.ExtAuthz or Door.RateLimit || door.IsGateway())
        {
            var target = door == Door.Envoy ? "/v1/decision/envoy" + request.Path : request.Path;
            var own = new HttpRequestMessage(new HttpMethod(request.Method), Address(client, target));
            own.Headers.Host = request.Host;
            return own;
        }

        var asking = new HttpRequestMessage(
            request.Body is null ? HttpMethod.Get : HttpMethod.Post, Address(client, door == Door.Forwarded ? "/v1/decision/forwarded" : "/v1/decision"));
        if (door == Door.Http2)
        {
            asking.Version = HttpVersion.Version20;
            asking.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        }

        var prefix = door == Door.Forwarded ? "X-Forwarded-" : "X-Original-";
        Add(asking, prefix + "Method", request.Method);
        Add(asking, prefix + "Host", request.Host);
        Add(asking, prefix + (door == Door.Forwarded ? "Uri" : "URI"), request.Path);
        return asking;
    }

    // Without this a Uri would remove the dot segments that are tested.
    private static Uri Address(HttpClient client, string target) =>
        new(client.BaseAddress!.AbsoluteUri.TrimEnd('/') + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

    private static void Add(HttpRequestMessage message, string name, string value) =>
        Assert.True(message.Headers.TryAddWithoutValidation(name, value) || message.Content?.Headers.TryAddWithoutValidation(name, value) == true, name);

    private static IEnumerable<KeyValuePair<string, JsonNode?>> ClaimsOf(PolicyTestRequest request)
    {
        var claims = new JsonObject();
        foreach (var (path, value) in request.Claims)
        {
            Set(claims, path, JsonValue.Create(value));
        }

        foreach (var (path, values) in request.ClaimLists)
        {
            Set(claims, path, new JsonArray([.. values.Select(value => JsonValue.Create(value))]));
        }

        if (!request.Scopes.IsEmpty)
        {
            claims["scope"] = string.Join(' ', request.Scopes);
        }

        return claims.Select(claim => KeyValuePair.Create(claim.Key, claim.Value?.DeepClone()));
    }

    // A path with dots is sent as nested objects.
    private static void Set(JsonObject claims, string path, JsonNode value)
    {
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0 || path.Contains('/', StringComparison.Ordinal))
        {
            claims[path] = value;
            return;
        }

        if (claims[path[..dot]] is not JsonObject inner)
        {
            claims[path[..dot]] = inner = [];
        }

        Set(inner, path[(dot + 1)..], value);
    }
}
