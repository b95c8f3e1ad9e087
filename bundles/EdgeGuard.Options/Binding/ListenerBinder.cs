using System.Collections.Immutable;
using EdgeGuard.Options.Reading;

namespace EdgeGuard.Options.Binding;

/// <summary>Values of what belongs to the listeners beside their addresses.</summary>
internal static class ListenerBinder
{
    public static ImmutableDictionary<string, CertificateOptions> Certificates(OptionValues values) => values.Names("certificates").ToImmutableDictionary(
        name => name,
        name => new CertificateOptions
        {
            File = values.Text($"certificates.{name}.file"),
            KeyFile = values.Text($"certificates.{name}.key_file"),
            Password = values.Secret($"certificates.{name}.password"),
        },
        StringComparer.Ordinal);

    public static TlsOptions Tls(OptionValues values) => new()
    {
        Only13 = values.Text("tls.min_version") == "1.3",
        RedirectPort = (int)values.Number("tls.redirect_port"),
        ClientCertificates = values.Text("tls.client_certificates"),
        ClientTrustFile = values.Text("tls.client_trust_file"),
        DecisionTrustFile = values.Text("decision.client_trust_file"),
    };

    public static ProxyProtocolOptions ProxyProtocol(OptionValues values) => new()
    {
        Listeners = values.List("proxy_protocol.listeners"),
        Trusted = [.. values.List("proxy_protocol.trusted").Select(EdgeBinder.AsNetwork)],
    };

    public static ClientOptions Clients(OptionValues values) => new()
    {
        HeaderTimeout = values.Duration("clients.header_timeout"),
        IdleTimeout = values.Duration("clients.idle_timeout"),
        MinRate = values.Number("clients.min_rate"),
        MaxConnections = values.Number("clients.max_connections"),
    };
}
