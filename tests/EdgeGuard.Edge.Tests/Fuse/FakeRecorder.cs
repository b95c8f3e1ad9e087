using EdgeGuard.Contracts;
using EdgeGuard.Edge.Telemetry;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Edge.Tests.Fuse;

/// <summary>Counts as a test gives them.</summary>
internal sealed class FakeRecorder : IDecisionRecorder
{
    private readonly List<DecisionCount> _counts = [];

    public void Add(int allowed, int refused)
    {
        Add(allowed, "allow", string.Empty, shadow: false);
        Add(refused, "reject", "token_bucket_exceeded", shadow: false);
    }

    public void Add(int count, string verdict, string reason, bool shadow) =>
        _counts.Add(new DecisionCount("p", "r", verdict, reason, "/", shadow, 1, count));

    public void Record(PolicySnapshot snapshot, in Decision decision, long nanoseconds) => throw new NotSupportedException();

    public IReadOnlyList<DecisionCount> Totals() => _counts;
}
