using System.Net;
using System.Text.Json.Nodes;

namespace EdgeGuard.Conformance.Tests.Gateways;

/// <summary>
/// Traefik's forwardAuth, of v3.7.9 (pkg/middlewares/auth/forward.go and pkg/middlewares/forwardedheaders): with trustForwardHeader false the client's X-Forwarded-*
/// are deleted in every spelling and Traefik's own set; of a 2xx answer the authResponseHeaders replace the request's, any other answer is the client's.
/// </summary>
internal sealed class TraefikGateway(Uri edge, Uri application) : ForwardAuthGateway(edge, application)
{
    private static readonly string[] Managed =
    [
        "X-Forwarded-Proto", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Scheme", "X-Forwarded-Server", "X-Forwarded-Uri", "X-Forwarded-Method",
        "X-Forwarded-Prefix", "X-Forwarded-Tls-Client-Cert", "X-Forwarded-Tls-Client-Cert-Info", "X-Scheme", "X-Real-Ip",
    ];

    private readonly JsonNode _settings = Middleware("edgeguard")["forwardAuth"]!;

    protected override string Address => (string)_settings["address"]!;

    protected override HttpStatusCode Failed => HttpStatusCode.InternalServerError;

    protected override IEnumerable<string> Replaced => Texts(_settings["authResponseHeaders"]);

    // An empty text removes (headers middleware); the router names it before the one that asks.
    protected override IEnumerable<string> Removed => Middleware("edgeguard-clean")["headers"]!["customRequestHeaders"]!.AsObject().Where(header => (string)header.Value! == string.Empty).Select(header => header.Key);

    protected override IEnumerable<(string Name, string Value)> Question(HttpRequestMessage request)
    {
        Assert.False((bool)_settings["trustForwardHeader"]!);
        foreach (var (name, values) in request.Headers.NonValidated)
        {
            if (!IsHopByHop(name) && !name.Equals("Host", StringComparison.OrdinalIgnoreCase) && !Managed.Contains(name.Replace('_', '-'), StringComparer.OrdinalIgnoreCase))
            {
                foreach (var value in values)
                {
                    yield return (name, value);
                }
            }
        }

        yield return ("X-Forwarded-For", ClientAddress);
        yield return ("X-Forwarded-Method", request.Method.Method);
        yield return ("X-Forwarded-Proto", "http");
        yield return ("X-Forwarded-Port", "80");
        yield return ("X-Forwarded-Host", request.RequestUri!.Authority);
        yield return ("X-Forwarded-Uri", request.RequestUri.PathAndQuery);
    }

    private static JsonNode Middleware(string name)
    {
        var http = Shipped("traefik", "edgeguard.yaml")["http"]!;
        Assert.Equal(["edgeguard-clean", "edgeguard"], http["routers"]!["application"]!["middlewares"]!.AsArray().Select(one => (string)one!));
        return http["middlewares"]![name]!;
    }

    protected override bool Admits(HttpStatusCode status) => (int)status is >= 200 and < 300;

    protected override bool Tells(string name) => !IsHopByHop(name);
}
