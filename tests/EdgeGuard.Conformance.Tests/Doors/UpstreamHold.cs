using EdgeGuard.Testing;

namespace EdgeGuard.Conformance.Tests.Doors;

/// <summary>A forwarded request that is kept at the upstream, and so in flight.</summary>
internal sealed class UpstreamHold
{
    /// <summary>Set when the request has come there.</summary>
    public Signal Arrived { get; } = new();

    /// <summary>Set to let it end.</summary>
    public Signal Released { get; } = new();
}
