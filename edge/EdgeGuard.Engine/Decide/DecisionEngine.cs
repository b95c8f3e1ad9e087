using System.Collections.Immutable;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Engine.Decide;

/// <summary>
/// Decides. One engine behind every door: a second way of deciding is a bug. Thread-safe, lock-free, 0 bytes allocated a decision.
/// </summary>
public sealed class DecisionEngine(CounterTable counters)
{
    /// <summary>Retry-After of a kill switch that does not expire, in seconds, as the peer has it.</summary>
    public const int KillSwitchRetrySeconds = 3600;

    /// <summary>The counters that decisions are taken from.</summary>
    public CounterTable Counters { get; } = counters;

    /// <summary>Decides one request. A rejected request consumes nothing, in any rule.</summary>
    /// <param name="snapshot">What to decide by.</param>
    /// <param name="request">The request.</param>
    /// <param name="now">The time.</param>
    /// <param name="admission">Handle for what happens later.</param>
    /// <param name="recordSteps">Whether what is considered is noted in <see cref="Facts.FactSet.Steps"/>.</param>
    public Decision Decide(PolicySnapshot snapshot, in RequestView request, EngineTime now, out Admission admission, bool recordSteps = false)
    {
        request.Facts.ClearSteps();
        // A token bucket has nothing to be told later; limiters that do (settle, release) put their token here.
        admission = default;
        return recordSteps && snapshot.Policy is { } policy
            ? Run(snapshot, in request, now, new StepRecorder(policy, request.Facts), take: true)
            : Run(snapshot, in request, now, default(NoTrace), take: true);
    }

    /// <summary>Tells what <see cref="Decide"/> would answer now, rule by rule, without taking anything.</summary>
    public DecisionTrace Explain(PolicySnapshot snapshot, in RequestView request, EngineTime now)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var steps = ImmutableArray.CreateBuilder<TraceStep>();
        var decision = Run(snapshot, in request, now, new TraceCollector(snapshot, steps), take: false);
        return new DecisionTrace(decision, steps.DrainToImmutable());
    }

    /// <summary>
    /// Does ahead of time what the first decision by a snapshot would otherwise do: hash the fixed parts of all counter keys. Call before
    /// publishing a snapshot; about a millisecond for 10 000 rules.
    /// </summary>
    public void Prepare(PolicySnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        _ = snapshot.Policy?.BindingFor(Counters);
    }

    private Decision Run<TSink>(PolicySnapshot snapshot, in RequestView request, EngineTime now, TSink sink, bool take)
        where TSink : struct, ITraceSink
    {
        var policy = snapshot.Policy;
        if (policy is null)
        {
            return Decision.Refused(Reason.NoBundleLoaded);
        }

        var killSwitch = snapshot.FindKillSwitch(request.Facts, request.Path, now.UnixMilliseconds);
        if (killSwitch >= 0)
        {
            sink.KillSwitch(killSwitch);
            return Killed(snapshot, killSwitch, now);
        }

        var binding = policy.BindingFor(Counters);
        if (take)
        {
            binding.Activate(now.Nanoseconds);
        }

        var evaluation = new Evaluation<TSink>(policy, binding, request.Facts, now, sink);
        evaluation.Check(in request);
        if (take)
        {
            evaluation.Take();
        }

        return evaluation.ToDecision();
    }

    private static Decision Killed(PolicySnapshot snapshot, int killSwitch, EngineTime now)
    {
        var definition = snapshot.KillSwitchAt(killSwitch);
        var seconds = definition.ExpiresAt is { } expiry
            ? (int)Math.Clamp((expiry.ToUnixTimeMilliseconds() - now.UnixMilliseconds + 999) / 1000, 1, int.MaxValue)
            : KillSwitchRetrySeconds;
        return Decision.Refused(Reason.KillSwitch) with
        {
            Status = (short)definition.Status,
            KillSwitch = killSwitch,
            RetryAfterSeconds = seconds,
        };
    }
}
