using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Counters;

namespace EdgeGuard.Engine.Decide;

/// <content>Guards of a policy: loop detection, circuit breaker, adaptive concurrency.</content>
internal ref partial struct Evaluation<TSink>
{
    // False when a guard refuses.
    private bool CheckGuards(CompiledGuards guards, int group, in RequestView request)
    {
        var agreed = true;
        if (guards.AdaptiveLimit >= 0)
        {
            agreed = CheckAdaptive(guards, group);
        }

        if (guards.LoopLimit >= 0)
        {
            var limit = _binding.Limits[guards.LoopLimit].Loop!;
            for (var part = 0; part < limit.Parts; part++)
            {
                agreed &= CheckLoop(guards.LoopLimit, limit, (LoopPart)part, group, in request);
            }
        }

        if (guards.BreakerLimit >= 0)
        {
            agreed &= CheckBreaker(guards, group, in request);
        }

        return agreed;
    }

    private bool CheckAdaptive(CompiledGuards guards, int group)
    {
        var limiter = _binding.Limits[guards.AdaptiveLimit].Adaptive!;
        if (group != Enforced)
        {
            // A shadow sends its requests to the upstream all the same: there is nothing that it could try out without shedding.
            return true;
        }

        ref var reservation = ref Begin(guards.AdaptiveLimit, group);
        var priority = guards.Classes!.Of(_facts);
        reservation.Key = default;
        reservation.Cost = 1;
        reservation.Word = (ulong)priority;
        reservation.Deficit = (ulong)limiter.InFlight;
        reservation.Capacity = (ulong)limiter.ShareOf(priority);
        return Agree(guards.AdaptiveLimit, group, ref reservation, limiter.WouldEnter(priority), wait: 1, action: -1);
    }

    private bool CheckLoop(int index, LoopLimit limit, LoopPart part, int group, in RequestView request)
    {
        ref var reservation = ref Begin(index, group);
        if (!LoopCounter.Check(_binding.Table, limit, part, in request, group != Enforced, ref reservation, _now.Nanoseconds))
        {
            return true;
        }

        var loop = LoopCounter.IsLoop(limit, in reservation);
        var refuses = loop && limit.Action == Bundles.Model.LoopAction.Reject;
        var action = !loop || refuses ? -1 : LoopCounter.DelayMilliseconds(limit, in reservation);
        if (action >= 0 && group == Enforced)
        {
            Mark(index, action, Warning.LoopWarn, Warning.LoopThrottle);
        }

        var wait = refuses ? LoopCounter.RetryAfterSeconds(in reservation, _now.Nanoseconds) : 0;
        return Agree(index, group, ref reservation, !refuses, wait, action);
    }

    private bool CheckBreaker(CompiledGuards guards, int group, in RequestView request)
    {
        var index = guards.BreakerLimit;
        var limit = _binding.Limits[index].Breaker!;
        ref var reservation = ref Begin(index, group);
        var phase = BreakerCounter.Check(
            _binding.Table, limit, in request, SpendOf(guards), group != Enforced, ref reservation, _now.Nanoseconds);
        var passes = phase is BreakerPhase.Pass or BreakerPhase.Probe;
        var wait = passes ? 0 : BreakerCounter.RetryAfterSeconds(limit, in reservation, _now.Nanoseconds);
        var place = _count;
        var agreed = Agree(index, group, ref reservation, passes, wait, action: -1, (short)limit.Status);
        if (phase == BreakerPhase.Trip)
        {
            // Opened only if nothing else refuses the request: what would not have been spent must not stop everybody.
            _trips += group == Enforced ? 1 : 0;
            _facts.Reservations[place].Trips = true;
            _count++;
        }

        return agreed;
    }

    private readonly ulong SpendOf(CompiledGuards guards)
    {
        var cost = _policy.Limits[guards.BreakerLimit].Cost;
        if (guards.BreakerRule >= 0 && _policy.Limits[PlanOf(_policy.Rules[guards.BreakerRule], out _)].Llm is { } llm)
        {
            llm.Reserve(_facts, out _, out var tokens);
            return cost.Units(tokens);
        }

        // A cost that is no number is counted where it is charged.
        var invalid = false;
        return cost.Of(_facts, ref invalid);
    }

    private readonly ref Reservation Begin(int limit, int group)
    {
        ref var reservation = ref _facts.NextReservation(_count);
        reservation = default;
        reservation.Limit = limit;
        reservation.Group = group;
        reservation.Shadow = group != Enforced;
        return ref reservation;
    }

    private bool Agree(int index, int group, ref Reservation reservation, bool agreed, int wait, int action, short status = 0)
    {
        var limit = _policy.Limits[index];
        if (_sink.IsListening)
        {
            var outcome = !agreed ? StepOutcome.Denied : action switch
            {
                < 0 => StepOutcome.Allowed,
                0 => StepOutcome.Warned,
                _ => StepOutcome.Throttled,
            };
            TellLimit(limit, Decision.None, group, in reservation, outcome, wait);
        }

        if (agreed)
        {
            _needsEnding |= limit.NeedsEnding;
            _count++;
            return true;
        }

        Deny(group, GuardDenial(limit, in reservation, wait, status));
        return false;
    }

    // What a guard says that others were quicker at.
    private readonly Denial LostGuard(CompiledLimit limit, in Reservation reservation)
    {
        ref var binding = ref _binding.Limits[reservation.Limit];
        return limit.Kind switch
        {
            LimitKind.Breaker => GuardDenial(
                limit,
                in reservation,
                BreakerCounter.RetryAfterSeconds(binding.Breaker!, in reservation, _now.Nanoseconds),
                (short)binding.Breaker!.Status),
            LimitKind.Loop => GuardDenial(limit, in reservation, LoopCounter.RetryAfterSeconds(in reservation, _now.Nanoseconds), 0),
            _ => GuardDenial(limit, in reservation, 1, 0),
        };
    }

    private readonly Denial GuardDenial(CompiledLimit limit, in Reservation reservation, int wait, short status) => new()
    {
        Reason = limit.Reason,
        Status = status,
        Policy = limit.Policy,
        Rule = Decision.None,
        Limit = reservation.Limit,
        WaitSeconds = Math.Max(1, wait),
    };

    private readonly void TripBreakers()
    {
        foreach (ref var reservation in _facts.Reservations.AsSpan(0, _count))
        {
            if (reservation.Trips && reservation.Group == Enforced)
            {
                Trip(ref reservation);
            }
        }
    }

    private readonly void Trip(ref Reservation reservation) =>
        BreakerCounter.Trip(_binding.Table, _binding.Limits[reservation.Limit].Breaker!, ref reservation, _now.Nanoseconds);

    // Of a shadow that refuses only for its breaker, that breaker's reservation is all that stays: it opens if the request is admitted, because
    // what a real limit refuses is not spent. Returns how many reservations there are now.
    private readonly int KeepTrip(int group, int first)
    {
        var reservations = _facts.Reservations;
        for (var i = first; i < _count; i++)
        {
            if (reservations[i].Trips && reservations[i].Group == group)
            {
                reservations[first] = reservations[i];
                return first + 1;
            }
        }

        return first;
    }
}
