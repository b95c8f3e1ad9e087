using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Engine.Decide;

/// <summary>
/// Decides. One engine behind every door: a second way of deciding is a bug. Thread-safe, lock-free, 0 bytes allocated a decision.
/// </summary>
public sealed class DecisionEngine(CounterTable counters)
{
    /// <summary>The counters that decisions are taken from.</summary>
    public CounterTable Counters { get; } = counters;

    /// <summary>Decides one request. A rejected request consumes nothing, in any rule.</summary>
    public Decision Decide(PolicySnapshot snapshot, in RequestView request, EngineTime now, out Admission admission) =>
        throw new NotImplementedException();

    /// <summary>Tells what <see cref="Decide"/> would answer now, rule by rule, without taking anything.</summary>
    public DecisionTrace Explain(PolicySnapshot snapshot, in RequestView request, EngineTime now) => throw new NotImplementedException();
}
