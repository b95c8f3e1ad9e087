using System.Runtime.CompilerServices;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Leases;

namespace EdgeGuard.Engine.Decide;

/// <content>Limits: which counter, what it holds, and what follows.</content>
internal ref partial struct Evaluation<TSink>
{
    // False when the limit refuses. "tokens" are those that an LLM rule reserves, or -1 for a cost of the limit's own.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool CheckLimit(int index, int rule, int group, long tokens, bool aboveAgreed = false)
    {
        ref var binding = ref _binding.Limits[index];
        ref var reservation = ref _facts.NextReservation(_count);
        var key = KeyOf(in binding, rule);
        if (group != Enforced)
        {
            key = key.ForShadow();
        }

        reservation.Key = key;
        reservation.Cost = tokens >= 0 ? binding.Cost.Units(tokens) : CostOf(in binding);
        reservation.Limit = index;
        reservation.Group = group;
        reservation.Shadow = group != Enforced;
        reservation.Capacity = binding.Capacity;
        reservation.InOverflow = false;
        reservation.Taken = false;
        reservation.Trips = false;
        var own = CheckCounter(in binding, key, ref reservation);
        var after = reservation.Deficit + reservation.Cost;
        if (after > own && (after > reservation.Capacity || !aboveAgreed || !MayBorrow(_policy.Limits[index])))
        {
            if (after <= reservation.Capacity)
            {
                // The level above lends nothing: it has to wait for its own.
                reservation.Capacity = own;
            }

            RefuseLimit(_policy.Limits[index], rule, group, ref reservation);
            return false;
        }

        if (after <= own)
        {
            reservation.Capacity = own;
        }

        if (group == Enforced)
        {
            NoteShare(after >= own ? 0 : own - after, own);
        }

        _needsEnding |= binding.NeedsEnding;
        var action = binding.Actions?.At(after) ?? -1;
        if (action >= 0 && group == Enforced)
        {
            Mark(index, action, Warning.BudgetWarn, Warning.BudgetThrottle);
        }

        if (_sink.IsListening)
        {
            var outcome = action < 0 ? StepOutcome.Allowed : action == 0 ? StepOutcome.Warned : StepOutcome.Throttled;
            TellLimit(_policy.Limits[index], rule, group, in reservation, outcome, wait: 0);
        }

        _count++;
        return true;
    }

    // What may be used of the counter without borrowing: the quota, or what this edge holds of a fleet-wide one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly ulong CheckCounter(in LimitBinding binding, CounterKey key, ref Reservation reservation)
    {
        if (binding.Kind == LimitKind.TokenBucket)
        {
            reservation.Meta = CellMeta.WithEpoch(binding.Bucket.Meta, _epoch);
            reservation.Clock = binding.Bucket.Scale.ClockAt(_now.Nanoseconds);
            TokenBucketCounter.Check(_binding.Table, in binding.Bucket, key, ref reservation, _now.Nanoseconds);
            return binding.Own;
        }

        if (LeaseCheck.IsLeased(_binding.Table, in binding, in reservation))
        {
            return LeaseCheck.Check(_binding.Table, in binding, _facts, ref reservation, _now.Nanoseconds);
        }

        LimitCounter.Check(_binding.Table, in binding, ref reservation, _now.Nanoseconds);
        return binding.Own;
    }

    // Of a policy with several rules all counters are named first and their cells asked for. Found one after the other, each of those that no cache holds, with many
    // live keys nearly all, would be waited for: 100 ns each.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void NameCounters(in CompiledPolicyEntry policy)
    {
        _firstNamed = policy.FirstRule;
        _named = policy.RuleCount;
        var names = _facts.Names(policy.RuleCount);
        for (var i = 0; i < names.Length; i++)
        {
            var rule = _policy.Rules[policy.FirstRule + i];
            if (!rule.IsPlain || rule.Match.Length > 0)
            {
                // Which of its limits hold, or whether any does, is not known yet.
                names[i] = default;
                continue;
            }

            names[i] = CounterName.Of(in _binding.Limits[rule.FirstLimit], _facts);
            _binding.Table.Main.Prefetch(in names[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly CounterKey KeyOf(in LimitBinding binding, int rule)
    {
        var place = (uint)(rule - _firstNamed);
        if (place < (uint)_named)
        {
            ref readonly var name = ref _facts.Names(_named)[(int)place];

            // No name is zero.
            if ((name.Low | name.High) != 0)
            {
                return name;
            }
        }

        return CounterName.Of(in binding, _facts);
    }

    // The limit of which the least share is left. Multiplied across: a quotient had to be waited for before anything could be taken, 6 ns.
    private void NoteShare(ulong left, ulong own)
    {
        if (_tightest < 0 || (_tightestLeft > 0 && (left == 0 || Math.BigMul(left, _tightestOwn) < Math.BigMul(_tightestLeft, own))))
        {
            _tightestLeft = left;
            _tightestOwn = own;
            _tightest = _count;
        }
    }

    private ulong CostOf(in LimitBinding binding)
    {
        var invalid = false;
        var cost = binding.Cost.Of(_facts, ref invalid);
        if (invalid)
        {
            _notes.InvalidCosts++;
        }

        return _facts.ExtraHits == 0 ? cost : Repeated(cost, _facts.ExtraHits);
    }

    // More than any limit has, rather than a small number come round.
    private static ulong Repeated(ulong cost, uint extra) => Math.BigMul(cost, extra + 1UL, out var low) == 0 && low < BucketScale.MaxCost ? low : BucketScale.MaxCost;

    // What the level above has left after this request must be what it never lends. Its take then keeps to that too.
    private readonly bool MayBorrow(CompiledLimit limit)
    {
        ref var above = ref _facts.Reservations[_count - 1];
        var quota = _policy.Limits[above.Limit].Own;
        var lendable = quota - Math.Min(quota, (ulong)Math.Ceiling(quota * limit.KeepAbove));
        if (above.Deficit + above.Cost > lendable)
        {
            return false;
        }

        above.Capacity = Math.Min(above.Capacity, lendable);
        return true;
    }

    // The longest delay counts; a warning only where nothing delays.
    private void Mark(int limit, int delay, Warning warn, Warning throttle)
    {
        if (delay > _delay)
        {
            _delay = delay;
            _warning = throttle;
            _warningLimit = limit;
        }
        else if (delay == 0 && _warning == Warning.None)
        {
            _warning = warn;
            _warningLimit = limit;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RefuseLimit(CompiledLimit limit, int rule, int group, ref Reservation reservation)
    {
        var denial = DenialOf(limit, rule, ref reservation, TakeResult.Exceeded);
        if (_sink.IsListening)
        {
            TellLimit(limit, rule, group, in reservation, StepOutcome.Denied, denial.WaitSeconds);
        }

        Deny(group, in denial);
    }

    private readonly Denial DenialOf(CompiledLimit limit, int rule, ref Reservation reservation, TakeResult result)
    {
        if (limit.Rule < 0 && result != TakeResult.Full)
        {
            return LostGuard(limit, in reservation);
        }

        var denial = new Denial
        {
            Reason = limit.Reason,
            Policy = limit.Policy,
            Rule = rule,
            Limit = reservation.Limit,
            WaitSeconds = 1,
        };
        if (result == TakeResult.Full)
        {
            denial.Reason = Reason.CountersFull;
            denial.Limit = Decision.None;
            return denial;
        }

        ref var binding = ref _binding.Limits[reservation.Limit];
        denial.WaitSeconds = LimitReading.Wait(_binding.Table, limit, in binding, ref reservation, _now.Nanoseconds);
        denial.HasLimit = true;
        denial.Remaining = LimitReading.Remaining(limit, in binding, in reservation, reservation.Deficit);
        denial.ResetSeconds = LimitReading.Reset(limit, in binding, in reservation, reservation.Deficit, _now.Nanoseconds);
        return denial;
    }

    // What the numbers of a step are counted from: of a fleet-wide budget what this edge may spend of it.
    private readonly ulong OwnOf(CompiledLimit limit, in Reservation reservation) =>
        LeaseCheck.IsLeased(_binding.Table, in _binding.Limits[reservation.Limit], in reservation) ? reservation.Capacity : limit.Own;

    private readonly void TellLimit(CompiledLimit limit, int rule, int group, in Reservation reservation, StepOutcome outcome, int wait) =>
        _sink.Add(new DecisionStep
        {
            Policy = limit.Policy,
            Rule = rule,
            Limit = reservation.Limit,
            Outcome = outcome,
            Reason = outcome == StepOutcome.Denied ? limit.Reason : Reason.None,
            Shadow = group != Enforced,
            Quota = LimitReading.Thousandths(limit, limit.Own, 0),
            Before = LimitReading.Thousandths(limit, OwnOf(limit, in reservation), reservation.Deficit),
            After = LimitReading.Thousandths(limit, OwnOf(limit, in reservation), reservation.Deficit + (outcome == StepOutcome.Denied ? 0 : reservation.Cost)),
            Lease = LeaseCheck.Tell(_binding.Table, limit, in _binding.Limits[reservation.Limit], in reservation),
            WaitSeconds = wait,
            KeyHash = reservation.Key.Low,
            Slot = Decision.None,
        });
}
