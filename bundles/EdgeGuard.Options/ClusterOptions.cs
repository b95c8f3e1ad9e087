using System.Collections.Immutable;

namespace EdgeGuard.Options;

/// <summary>One upstream (<c>clusters.NAME</c>).</summary>
public sealed record ClusterOptions
{
    private static readonly TimeSpan UsualConnectTimeout = TimeSpan.FromSeconds(15);

    /// <summary>Base addresses, <c>http://host:port</c> or https; at least one.</summary>
    public ImmutableArray<string> Destinations { get; init; } = [];

    /// <summary>Time until response headers (<c>timeout</c>).</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Time until a connection stands (<c>connect_timeout</c>).</summary>
    public TimeSpan ConnectTimeout { get; init; } = UsualConnectTimeout;

    /// <summary><c>auto</c>, <c>http1</c> or <c>http2</c> (<c>protocol</c>).</summary>
    public string Protocol { get; init; } = "auto";

    /// <summary><c>two_choices</c>, <c>least_requests</c>, <c>round_robin</c>, <c>random</c> or <c>first</c> (<c>balancing</c>).</summary>
    public string Balancing { get; init; } = "two_choices";

    /// <summary>How often a request goes to another destination (<c>retries</c>).</summary>
    public int Retries { get; init; } = 1;

    /// <summary>Whether destinations that mostly fail are left out (<c>passive_health</c>).</summary>
    public bool PassiveHealth { get; init; } = true;

    public HealthOptions Health { get; init; } = new();

    public UpstreamTlsOptions Tls { get; init; } = new();

    /// <summary>
    /// Whether one address without TLS is all there is: HTTP/1.1 and nothing to choose, to repeat elsewhere or to leave out, and the usual time to connect.
    /// </summary>
    public bool IsPlain => Protocol != "http2"
        && ConnectTimeout == UsualConnectTimeout
        && Destinations.All(address => address.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
        && (Destinations.Length == 1 || (Retries == 0 && !PassiveHealth && Balancing == "two_choices"));
}
