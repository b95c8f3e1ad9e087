using System.Collections.Immutable;

namespace EdgeGuard.Edge.Probes;

/// <summary>What came of the bundle's probes.</summary>
/// <param name="Probes">Names of those that got another answer than they must.</param>
/// <param name="Doors">Names of listeners that gave no answer to a probe, or another than was decided.</param>
internal readonly record struct ProbeResult(ImmutableArray<string> Probes, ImmutableArray<string> Doors)
{
    /// <summary>All is as it must be.</summary>
    public static ProbeResult Passed => new([], []);
}
