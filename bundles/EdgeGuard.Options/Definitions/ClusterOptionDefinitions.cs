using System.Collections.Immutable;

namespace EdgeGuard.Options.Definitions;

/// <summary>Options of upstream clusters.</summary>
internal static class ClusterOptionDefinitions
{
    private const long Second = 1000;
    private const long Hour = 3600 * Second;

    public static ImmutableArray<OptionDefinition> All { get; } =
    [
        new("clusters.*.destinations", OptionKind.UrlList, "", "Addresses of one upstream; `default` serves policies without a cluster.")
        {
            FlagAliases = ["--upstream"],
        },
        new("clusters.*.timeout", OptionKind.Duration, "60s", "Time until an upstream has sent its response headers.")
        {
            Min = 100, Max = Hour, Range = "100ms to 1h",
        },
        new("clusters.*.connect_timeout", OptionKind.Duration, "15s", "Time until a connection to an upstream stands, TLS included.")
        {
            Min = 100, Max = Hour, Range = "100ms to 1h",
        },
        new("clusters.*.protocol", OptionKind.Choice, "auto", "Version of HTTP: `auto` is HTTP/2 where TLS agrees on it and HTTP/1.1 otherwise; `http2` is needed for gRPC without TLS.")
        {
            Choices = ["auto", "http1", "http2"],
        },
        new("clusters.*.balancing", OptionKind.Choice, "two_choices", "Which destination is taken: the less busy of two drawn, the least busy, each in turn, any, or the first that is healthy.")
        {
            Choices = ["two_choices", "least_requests", "round_robin", "random", "first"],
        },
        new("clusters.*.retries", OptionKind.Integer, "1", "How often a request that is safe to repeat is sent to another destination when one fails without an answer.")
        {
            Max = 5, Range = "0 to 5",
        },
        new("clusters.*.passive_health", OptionKind.Boolean, "true", "Whether a destination that mostly fails is left out for a while, where there are others."),
        new("clusters.*.health.path", OptionKind.Text, "", "Path that each destination is asked for regularly; one that does not answer with 2xx twice is left out. Empty for none.")
        {
            Max = 1024, Range = "begins with /",
        },
        new("clusters.*.health.interval", OptionKind.Duration, "10s", "Between two such questions.") { Min = Second, Max = Hour, Range = "1s to 1h" },
        new("clusters.*.health.timeout", OptionKind.Duration, "5s", "Time for such an answer.") { Min = 100, Max = Hour, Range = "100ms to 1h" },
        new("clusters.*.tls.server_name", OptionKind.Text, "", "Name that the upstream's certificate must be for, also sent as Host; the destination's own when empty.")
        {
            Max = 253, Range = "a host name",
        },
        new("clusters.*.tls.trust_file", OptionKind.Path, "", "PEM file with the authorities that the upstream's certificate must lead to; the system's when empty."),
        new("clusters.*.tls.certificate_file", OptionKind.Path, "", "Certificate that the edge shows to the upstream, PEM; reloaded when it changes."),
        new("clusters.*.tls.key_file", OptionKind.Path, "", "Private key of that certificate, PEM."),
    ];
}
