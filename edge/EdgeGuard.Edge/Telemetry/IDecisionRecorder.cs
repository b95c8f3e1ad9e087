using EdgeGuard.Contracts;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Edge.Telemetry;

/// <summary>Counts decisions for metrics and telemetry. Called once a decision on the hot path: no allocation, no lock that waits.</summary>
internal interface IDecisionRecorder
{
    /// <summary>Counts one decision.</summary>
    /// <param name="snapshot">The snapshot that it was taken by; names are resolved through it.</param>
    /// <param name="decision">The decision.</param>
    /// <param name="nanoseconds">How long deciding took.</param>
    void Record(PolicySnapshot snapshot, in Decision decision, long nanoseconds);

    /// <summary>All counts since the process started, over all bundles that decided.</summary>
    IReadOnlyList<DecisionCount> Totals();
}
