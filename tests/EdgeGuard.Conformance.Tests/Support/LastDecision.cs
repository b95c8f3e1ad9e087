using EdgeGuard.Contracts;
using EdgeGuard.Edge.Telemetry;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Testing;

namespace EdgeGuard.Conformance.Tests.Support;

/// <summary>In the place of telemetry: keeps what the edge has decided, for a case to look at.</summary>
internal sealed class LastDecision : IDecisionRecorder
{
    private TaskCompletionSource<(PolicySnapshot Snapshot, Decision Decision)> _next = New();

    /// <summary>Whether there was a decision since <see cref="Next"/>.</summary>
    public bool IsThere => _next.Task.IsCompleted;

    /// <summary>Begins to wait for the next decision.</summary>
    public Task<(PolicySnapshot Snapshot, Decision Decision)> Next()
    {
        _next = New();
        return _next.Task.Within("a decision");
    }

    /// <inheritdoc />
    public void Record(PolicySnapshot snapshot, in Decision decision, long nanoseconds) => _next.TrySetResult((snapshot, decision));

    /// <inheritdoc />
    public IReadOnlyList<DecisionCount> Totals() => [];

    private static TaskCompletionSource<(PolicySnapshot Snapshot, Decision Decision)> New() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}
