using System.Runtime.CompilerServices;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Engine.Decide;

/// <summary>Decides. One engine behind every door: a second way of deciding is a bug. Thread-safe, lock-free, 0 bytes allocated a decision.</summary>
public sealed class DecisionEngine(CounterTable counters)
{
    /// <summary>Retry-After of a kill switch that does not expire, in seconds, as the peer has it.</summary>
    public const int KillSwitchRetrySeconds = 3600;

    private readonly AdmissionBook _book = new();

    /// <summary>The counters that decisions are taken from.</summary>
    public CounterTable Counters { get; } = counters;

    /// <summary>Admitted requests under way that have something to tell at their end.</summary>
    public int OpenAdmissions => _book.Open;

    /// <summary>Decides one request. A rejected request consumes nothing, in any rule.</summary>
    /// <param name="snapshot">What to decide by.</param>
    /// <param name="request">The request.</param>
    /// <param name="now">Now.</param>
    /// <param name="admission">
    /// Of an admitted request with something to tell: <see cref="Settle"/> it with the usage that a provider reports, and
    /// <see cref="Finish"/> it once, however the request ends. Empty otherwise.
    /// </param>
    public Decision Decide(PolicySnapshot snapshot, in RequestView request, EngineTime now, out Admission admission) =>
        Run(snapshot, in request, now, default(NoTrace), take: true, out admission);

    /// <summary>As <see cref="Decide"/>; what was considered is kept in the request's facts (<see cref="Facts.FactSet.Steps"/>).</summary>
    public Decision DecideRecorded(PolicySnapshot snapshot, in RequestView request, EngineTime now, out Admission admission)
    {
        request.Facts.ClearSteps();
        return Run(snapshot, in request, now, new StepRecorder(request.Facts), take: true, out admission);
    }

    /// <summary>Tells what <see cref="Decide"/> would answer now, rule by rule, without taking anything.</summary>
    public DecisionTrace Explain(PolicySnapshot snapshot, in RequestView request, EngineTime now)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        request.Facts.ClearSteps();
        var decision = Run(snapshot, in request, now, new StepRecorder(request.Facts), take: false, out _);
        return new DecisionTrace(decision, TraceCollector.Describe(snapshot, request.Facts.Steps));
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

    /// <summary>
    /// Whether a kill switch refuses a request now. For requests that were admitted before it came and are still under way; takes nothing.
    /// </summary>
    public static bool IsKilled(PolicySnapshot snapshot, in RequestView request, EngineTime now, out Decision decision)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var killSwitch = snapshot.FindKillSwitch(request.Facts, request.Path, now.UnixMilliseconds);
        decision = killSwitch >= 0 ? Killed(snapshot, killSwitch, now) : default;
        return killSwitch >= 0;
    }

    /// <summary>
    /// Tells the actual usage of an admitted request: tokens reserved and not used are given back, those used beyond are charged, even into
    /// debt. Only the first call for a request counts, and only before <see cref="Finish"/>.
    /// </summary>
    public void Settle(Admission admission, in Usage usage, EngineTime now, ITokenSink? sink = null) =>
        SettleOpen(admission, in usage, null, now, sink);

    /// <summary>
    /// Settles a request whose answer broke off before its usage was told: the prompt and what was streamed of the completion, as the rule estimates
    /// it, and never more than was reserved. As <see cref="Settle"/> otherwise.
    /// </summary>
    /// <param name="admission">Which request.</param>
    /// <param name="prompt">What the provider told of the prompt; nothing: the estimate that was reserved.</param>
    /// <param name="streamed">Text that was streamed.</param>
    /// <param name="now">Now.</param>
    /// <param name="sink">Who counts tokens.</param>
    public void SettleStreamed(Admission admission, in Usage prompt, StreamedText streamed, EngineTime now, ITokenSink? sink = null) =>
        SettleOpen(admission, in prompt, streamed, now, sink);

    /// <summary>
    /// Tells how much of an admitted request's answer has been streamed, before the last of it is passed on, and takes what goes beyond what was reserved.
    /// </summary>
    /// <param name="admission">Which request.</param>
    /// <param name="told">What the provider told so far.</param>
    /// <param name="since">Text that was streamed since it told that.</param>
    /// <param name="now">Now.</param>
    /// <returns>False when the stream has to end here: a limit has no more, or the completion would be longer than any may be.</returns>
    public bool TryGoOn(Admission admission, in Usage told, in StreamedText since, EngineTime now)
    {
        if (_book.Find(admission) is not { Settled: false } record)
        {
            return true;
        }

        lock (record.Gate)
        {
            return !_book.IsOpen(admission, record) || record.Settled || StreamedTake.TryGoOn(record, in told, in since, now);
        }
    }

    private void SettleOpen(Admission admission, in Usage usage, StreamedText? streamed, EngineTime now, ITokenSink? sink)
    {
        if (_book.Find(admission) is not { Settled: false } record)
        {
            return;
        }

        lock (record.Gate)
        {
            if (_book.IsOpen(admission, record) && !record.Settled)
            {
                record.Settled = true;
                AdmissionEnd.Settle(record, in usage, streamed, now, sink);
            }
        }
    }

    /// <summary>Whether an admitted request has reserved tokens whose actual usage is worth finding out.</summary>
    public bool WantsUsage(Admission admission)
    {
        if (_book.Find(admission) is not { Settled: false } record)
        {
            return false;
        }

        lock (record.Gate)
        {
            return _book.IsOpen(admission, record) && !record.Settled && record.ReservesTokens;
        }
    }

    /// <summary>Leaves what was reserved as it is, because actual usage is not known; only tells it. Nothing can be settled afterwards.</summary>
    public void Keep(Admission admission, ITokenSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        if (_book.Find(admission) is not { Settled: false } record)
        {
            return;
        }

        lock (record.Gate)
        {
            if (_book.IsOpen(admission, record) && !record.Settled)
            {
                record.Settled = true;
                AdmissionEnd.Keep(record, sink);
            }
        }
    }

    /// <summary>
    /// Tells that an admitted request is forwarded now, after a delay or the reading of its body: what the upstream's latency is measured
    /// from. Without it that is the decision.
    /// </summary>
    public void Forward(Admission admission, EngineTime now)
    {
        if (_book.Find(admission) is not { } record)
        {
            return;
        }

        lock (record.Gate)
        {
            if (_book.IsOpen(admission, record))
            {
                record.StartNanoseconds = now.Nanoseconds;
            }
        }
    }

    /// <summary>
    /// Tells that the upstream has begun to answer with a stream: its latency ends here, because a stream lasts as long as it has to tell something.
    /// </summary>
    public void BeginStream(Admission admission, EngineTime now)
    {
        if (_book.Find(admission) is not { } record)
        {
            return;
        }

        lock (record.Gate)
        {
            if (_book.IsOpen(admission, record))
            {
                record.AnsweredNanoseconds = now.Nanoseconds;
            }
        }
    }

    /// <summary>Closes the circuit breakers of a policy that are open now, whatever they are told apart by.</summary>
    /// <returns>False when the policy has none, or no room to note it.</returns>
    public bool ResetBreaker(PolicySnapshot snapshot, string policyId, EngineTime now)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        if (snapshot.Policy is not { } policy)
        {
            return false;
        }

        foreach (ref readonly var entry in policy.Policies.AsSpan())
        {
            if (entry.Id == policyId && entry.Guards is { BreakerLimit: >= 0 } guards)
            {
                return BreakerCounter.Reset(Counters, policy.BindingFor(Counters).Limits[guards.BreakerLimit].Breaker!, now.Nanoseconds);
            }
        }

        return false;
    }

    /// <summary>
    /// Ends an admitted request: what it held is released, and of one that was never forwarded everything that it took is given back. Of a
    /// second call, or one for another request's handle, nothing comes.
    /// </summary>
    public void Finish(Admission admission, Ending ending, EngineTime now)
    {
        if (_book.Find(admission) is not { } record || !_book.TryEnd(admission, record))
        {
            return;
        }

        lock (record.Gate)
        {
            AdmissionEnd.Finish(record, ending, now);
        }

        _book.Free(admission, record);
    }

    /// <summary>
    /// How long a door that does not see the end of a request waits before it calls <see cref="Finish"/>: the longest <c>max_hold</c> of what
    /// the request holds, or zero when it holds nothing.
    /// </summary>
    public TimeSpan MaxHold(Admission admission)
    {
        if (_book.Find(admission) is not { } record)
        {
            return TimeSpan.Zero;
        }

        lock (record.Gate)
        {
            return _book.IsOpen(admission, record) ? record.MaxHold : TimeSpan.Zero;
        }
    }

    // Not inlined: see Evaluation.Admitted.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Decision Run<TSink>(
        PolicySnapshot snapshot, in RequestView request, EngineTime now, TSink sink, bool take, out Admission admission)
        where TSink : struct, ITraceSink
    {
        // First of all, so that this is the clearing of the frame itself.
        var evaluation = default(Evaluation<TSink>);
        admission = default;
        var policy = snapshot.Policy;
        if (policy is null)
        {
            return Decision.Refused(Reason.NoBundleLoaded) with { Closed = FailureCauses.NoBundle };
        }

        var killSwitch = snapshot.FindKillSwitch(request.Facts, request.Path, now.UnixMilliseconds);
        if (killSwitch >= 0)
        {
            sink.Add(new DecisionStep
            {
                Policy = Decision.None,
                Rule = killSwitch,
                Limit = Decision.None,
                Outcome = StepOutcome.Killed,
                Reason = Reason.KillSwitch,
                Slot = Decision.None,
            });
            return Killed(snapshot, killSwitch, now);
        }

        var binding = policy.BindingFor(Counters);
        if (take)
        {
            binding.Activate(now.Nanoseconds);
        }

        evaluation.Begin(policy, binding, request.Facts, now, sink);
        evaluation.Check(in request);
        if (take)
        {
            evaluation.Take();
            if (evaluation.NeedsEnding)
            {
                _book.Begin(out admission).Fill(policy, binding, request.Facts.Reservations.AsSpan(0, evaluation.Count), request.Facts.Body.Model.Value, now.Nanoseconds);
            }
        }

        if (evaluation.IsRefused)
        {
            return evaluation.Rejection();
        }

        return evaluation.Admitted();
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
