using System.Collections.Immutable;

namespace EdgeGuard.Options;

/// <summary>One upstream (<c>clusters.NAME</c>).</summary>
public sealed record ClusterOptions
{
    /// <summary>Base addresses, <c>http://host:port</c> or https; at least one.</summary>
    public ImmutableArray<string> Destinations { get; init; } = [];

    /// <summary>Time until response headers (<c>timeout</c>).</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);
}
