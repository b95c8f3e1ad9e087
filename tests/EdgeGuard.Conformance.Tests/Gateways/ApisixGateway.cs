using System.Net;
using System.Text.Json.Nodes;

namespace EdgeGuard.Conformance.Tests.Gateways;

/// <summary>
/// The forward-auth plug-in of Apache APISIX 3.18.0 (apisix/plugins/forward-auth.lua): it sends its own X-Forwarded-* and the request_headers only; below 300 the
/// upstream_headers of the answer replace the request's, otherwise client is told status, body and the client_headers.
/// </summary>
internal sealed class ApisixGateway(Uri edge, Uri application) : ForwardAuthGateway(edge, application)
{
    private readonly JsonNode _settings = Plugins["forward-auth"]!;

    protected override string Address => (string)_settings["uri"]!;

    protected override HttpStatusCode Failed => (HttpStatusCode)(long)_settings["status_on_error"]!;

    protected override IEnumerable<string> Replaced => Texts(_settings["upstream_headers"]);

    // proxy-rewrite works in an earlier phase than the plug-in that asks.
    protected override IEnumerable<string> Removed => Texts(Plugins["proxy-rewrite"]!["headers"]!["remove"]);

    private static JsonNode Plugins => Shipped("apisix", "apisix.yaml")["routes"]![0]!["plugins"]!;

    protected override IEnumerable<(string Name, string Value)> Question(HttpRequestMessage request)
    {
        Assert.False((bool)_settings["allow_degradation"]!);
        yield return ("X-Forwarded-Proto", "http");
        yield return ("X-Forwarded-Method", request.Method.Method);
        yield return ("X-Forwarded-Host", request.RequestUri!.Host);
        yield return ("X-Forwarded-Uri", request.RequestUri.PathAndQuery);
        yield return ("X-Forwarded-For", ClientAddress);
        foreach (var name in Texts(_settings["request_headers"]))
        {
            if (Values(request, name).FirstOrDefault() is { } value)
            {
                yield return (name, value);
            }
        }
    }

    protected override bool Admits(HttpStatusCode status) => (int)status < 300;

    protected override bool Tells(string name) => Texts(_settings["client_headers"]).Contains(name);
}
