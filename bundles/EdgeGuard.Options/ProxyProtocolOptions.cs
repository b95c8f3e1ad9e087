using System.Collections.Immutable;

namespace EdgeGuard.Options;

/// <summary>Listeners behind a load balancer that writes the PROXY protocol (<c>proxy_protocol</c>).</summary>
public sealed record ProxyProtocolOptions
{
    /// <summary><c>proxy</c>, <c>proxy_tls</c>, <c>decision</c> and <c>decision_tls</c>.</summary>
    public ImmutableArray<string> Listeners { get; init; } = [];

    /// <summary>Networks of those that may write it.</summary>
    public ImmutableArray<string> Trusted { get; init; } = [];
}
