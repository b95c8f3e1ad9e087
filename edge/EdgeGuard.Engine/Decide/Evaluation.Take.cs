using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Counters;

namespace EdgeGuard.Engine.Decide;

/// <content>Taking what was checked, all or none, and the outcome.</content>
internal ref partial struct Evaluation<TSink>
{
    /// <summary>Takes all limits that were checked, or none of the enforced ones.</summary>
    public void Take()
    {
        if (_count == 0)
        {
            return;
        }

        if (_denial.Reason != Reason.None)
        {
            if (_trips == _refusals)
            {
                TripBreakers(Enforced, 0);
            }

            TakeTrialOfOnlyRefusal();
            return;
        }

        var reservations = _facts.Reservations;
        for (var i = 0; i < _count; i++)
        {
            if (reservations[i].Shadow)
            {
                continue;
            }

            var result = TakeOne(ref reservations[i]);
            if (result != TakeResult.Taken)
            {
                GiveBack(Enforced, 0, i);
                var limit = _policy.Limits[reservations[i].Limit];
                Deny(Enforced, DenialOf(limit, limit.Rule, ref reservations[i], result));
                return;
            }
        }

        TakeShadows();
    }

    /// <summary>The outcome.</summary>
    public readonly Decision ToDecision() => _denial.Reason != Reason.None ? Rejection() : Admitted();

    private readonly Decision Admitted()
    {
        var decision = Common() with
        {
            Verdict = _delay > 0 ? Verdict.Throttle : _warning != Warning.None ? Verdict.Warn : Verdict.Allow,
            Status = 200,
            Warning = _warning,
            DelayMilliseconds = _delay,
        };
        if (_tightest < 0)
        {
            return decision;
        }

        ref readonly var reservation = ref _facts.Reservations[_tightest];
        var limit = _policy.Limits[reservation.Limit];
        var used = Math.Min(reservation.Deficit + reservation.Cost, limit.Capacity);
        return decision with
        {
            Policy = limit.Policy,
            Rule = limit.Rule,
            LimitIndex = reservation.Limit,
            HasLimit = true,
            Limit = limit.Told.Quota,
            Remaining = LimitReading.Remaining(limit, used),
            ResetSeconds = LimitReading.Reset(limit, in _binding.Limits[reservation.Limit], in reservation, used, _now.Nanoseconds),
        };
    }

    private readonly Decision Rejection() => Common() with
    {
        Verdict = Verdict.Reject,
        Reason = _denial.Reason,
        Status = _denial.Status != 0 ? _denial.Status : (short)Reasons.Status(_denial.Reason),
        Policy = _denial.Policy,
        Rule = _denial.Rule,
        LimitIndex = _denial.Limit,
        HasLimit = _denial.HasLimit,
        Limit = _denial.HasLimit ? _policy.Limits[_denial.Limit].Told.Quota : 0,
        Remaining = _denial.Remaining,
        ResetSeconds = _denial.ResetSeconds,
        RetryAfterSeconds = _denial.WaitSeconds == Denial.Never ? 1 : Math.Max(1, _denial.WaitSeconds),
    };

    private readonly Decision Common() => new()
    {
        Policy = Decision.None,
        Rule = Decision.None,
        LimitIndex = Decision.None,
        KillSwitch = Decision.None,
        MatchedPolicy = _matchedPolicy,
        ShadowReason = _shadowDenial.Reason,
        ShadowPolicy = _shadowDenial.Reason == Reason.None ? Decision.None : _shadowDenial.Policy,
        ShadowRule = _shadowDenial.Reason == Reason.None ? Decision.None : _shadowDenial.Rule,
        Disagreements = _disagreements,
        DisagreeingRule = _disagreeingRule,
        TrialRefuses = _trialRefuses,
        MissingDescriptors = _missing,
        FirstMissingSlot = _firstMissing,
        InvalidCosts = _invalidCosts,
    };

    private readonly TakeResult TakeOne(ref Reservation reservation) =>
        LimitCounter.Take(_binding.Table, in _binding.Limits[reservation.Limit], ref reservation, _now.Nanoseconds);

    // Each shadow on its own: as if it alone were enforced beside the real limits.
    private void TakeShadows()
    {
        var reservations = _facts.Reservations;
        for (var i = 0; i < _count; i++)
        {
            ref var reservation = ref reservations[i];
            if (reservation.Shadow && IsFirstOfGroup(i))
            {
                TakeGroup(reservation.Group, i);
            }
        }
    }

    private void TakeGroup(int group, int first)
    {
        var reservations = _facts.Reservations;
        for (var i = first; i < _count; i++)
        {
            if (reservations[i].Group != group)
            {
                continue;
            }

            var result = TakeOne(ref reservations[i]);
            if (result != TakeResult.Taken)
            {
                GiveBack(group, first, i);
                var limit = _policy.Limits[reservations[i].Limit];
                Deny(group, DenialOf(limit, limit.Rule, ref reservations[i], result));
                return;
            }
        }
    }

    // A limit on trial counts as if it stood in the place of the live one: what only the live one refuses, it would have admitted. Not a slot: the
    // refused request has no end at which it would be given back.
    private void TakeTrialOfOnlyRefusal()
    {
        if (_refusedRules == 1 && _denial.Rule >= 0 && _policy.Rules[_denial.Rule].TrialCount > 0)
        {
            var group = GroupOf(_denial.Rule);
            for (var i = 0; i < _count; i++)
            {
                if (_facts.Reservations[i].Group == group)
                {
                    if (_policy.Limits[_facts.Reservations[i].Limit].Kind != LimitKind.Concurrency)
                    {
                        TakeGroup(group, i);
                    }

                    return;
                }
            }
        }
    }

    private readonly bool IsFirstOfGroup(int index)
    {
        for (var i = 0; i < index; i++)
        {
            if (_facts.Reservations[i].Group == _facts.Reservations[index].Group)
            {
                return false;
            }
        }

        return true;
    }

    private readonly void GiveBack(int group, int from, int to)
    {
        var reservations = _facts.Reservations;
        for (var i = from; i < to; i++)
        {
            ref var reservation = ref reservations[i];
            if (reservation.Group == group && reservation.Taken)
            {
                LimitCounter.GiveBack(_binding.Table, in _binding.Limits[reservation.Limit], ref reservation, reservation.Cost, _now.Nanoseconds);
                reservation.Taken = false;
            }
        }
    }
}
