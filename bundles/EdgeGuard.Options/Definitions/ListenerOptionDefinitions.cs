using System.Collections.Immutable;

namespace EdgeGuard.Options.Definitions;

/// <summary>Options of the listeners beside their addresses: TLS, the PROXY protocol, and how long clients may take.</summary>
internal static class ListenerOptionDefinitions
{
    private const long Second = 1000;

    public static ImmutableArray<OptionDefinition> All { get; } =
    [
        new("listen.proxy_tls", OptionKind.Address, "off", "Reverse proxy over TLS, HTTP/1.1 and HTTP/2."),
        new("listen.decision_tls", OptionKind.Address, "off", "Decision API over TLS, HTTP/1.1 and HTTP/2."),
        new("listen.redirect", OptionKind.Address, "off", "Sends requests on to the same address with https, for names that a certificate is for."),
        new("certificates.*.file", OptionKind.Path, "", "Certificate with its chain, PEM, or with its key as PFX; reloaded when it changes. `default` serves clients that name no host, or none of ours."),
        new("certificates.*.key_file", OptionKind.Path, "", "Private key of the certificate, PEM; not with a PFX."),
        new("certificates.*.password", OptionKind.Text, "", "Password of the PFX or of the private key.") { Secret = true },
        new("tls.min_version", OptionKind.Choice, "1.2", "Oldest version of TLS that is spoken with clients.") { Choices = ["1.2", "1.3"] },
        new("tls.redirect_port", OptionKind.Integer, "443", "Port that `listen.redirect` sends clients to.") { Min = 1, Max = 65535, Range = "1 to 65535" },
        new("tls.client_certificates", OptionKind.Choice, "off", "Whether `listen.proxy_tls` asks clients for certificates, and refuses those without.")
        {
            Choices = ["off", "optional", "required"],
        },
        new("tls.client_trust_file", OptionKind.Path, "", "PEM file with the authorities that certificates of clients must lead to; without one an optional certificate is judged by the bundle only."),
        new("decision.client_trust_file", OptionKind.Path, "", "PEM file with the authorities of certificates that callers of `listen.decision_tls` must have; empty to ask for none."),
        new("proxy_protocol.listeners", OptionKind.ChoiceList, "", "Listeners whose connections begin with a PROXY protocol header, version 1 or 2.")
        {
            Choices = ["proxy", "proxy_tls", "decision", "decision_tls"],
        },
        new("proxy_protocol.trusted", OptionKind.NetworkList, "", "Networks of the load balancers that write it; others are disconnected from these listeners."),
        new("clients.header_timeout", OptionKind.Duration, "30s", "Time for a client to send the head of a request.") { Min = Second, Max = 300 * Second, Range = "1s to 5m" },
        new("clients.idle_timeout", OptionKind.Duration, "130s", "How long a connection may be without a request.") { Min = Second, Max = 3600 * Second, Range = "1s to 1h" },
        new("clients.min_rate", OptionKind.Integer, "240", "Bytes per second that a client must send of a body and take of an answer, after 5 seconds; 0 for any.")
        {
            Max = 1_000_000, Range = "0 to 1000000",
        },
        new("clients.max_connections", OptionKind.Integer, "0", "Connections of each listener at a time; further ones are closed. 0 for as many as there are descriptors.")
        {
            Max = 10_000_000, Range = "0 to 10000000",
        },
    ];
}
