using System.Runtime.CompilerServices;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Counters;

namespace EdgeGuard.Engine.Decide;

/// <content>Taking what was checked, all or none, and the outcome.</content>
internal ref partial struct Evaluation<TSink>
{
    /// <summary>Takes all limits that were checked, or none of the enforced ones.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Take()
    {
        if (_count == 0)
        {
            return;
        }

        if (IsRefused)
        {
            if (_trips == _refusals)
            {
                TripBreakers();
            }

            TakeTrialOfOnlyRefusal();
            return;
        }

        var reservations = _facts.Reservations;
        var shadows = false;
        for (var i = 0; i < _count; i++)
        {
            if (reservations[i].Shadow)
            {
                shadows = true;
                continue;
            }

            var result = TakeOne(ref reservations[i]);
            if (result != TakeResult.Taken && !OpensForCounter(in reservations[i], result, Enforced))
            {
                Lose(Enforced, 0, i, result);
                return;
            }
        }

        if (shadows)
        {
            TakeShadows();
        }
    }

    /// <summary>The outcome when nothing refuses.</summary>
    /// <remarks>
    /// Not inlined, nor is <see cref="Rejection"/>, and no conditional expression in the callers: where several results meet the compiler copies them from a
    /// temporary, which has to wait for the stores that have just been made: 20 ns of 200.
    /// </remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public readonly Decision Admitted()
    {
        // One initializer: each "with" copies the whole struct, and two of them took 15 ns.
        var policy = Decision.None;
        var rule = Decision.None;
        var index = Decision.None;
        var quota = 0L;
        var remaining = 0L;
        var reset = 0;
        if (_tightest >= 0)
        {
            ref readonly var reservation = ref _facts.Reservations[_tightest];
            index = reservation.Limit;
            var limit = _policy.Limits[index];
            ref readonly var binding = ref _binding.Limits[index];
            var used = binding.Lease is null ? Math.Min(reservation.Deficit + reservation.Cost, limit.Capacity) : reservation.Deficit + reservation.Cost;
            policy = limit.Policy;
            rule = limit.Rule;
            quota = limit.Told.Quota;
            remaining = LimitReading.Remaining(limit, in binding, in reservation, used);
            reset = LimitReading.Reset(limit, in binding, in reservation, used, _now.Nanoseconds);
        }

        return new Decision
        {
            Verdict = _delay > 0 ? Verdict.Throttle : _warning != Warning.None ? Verdict.Warn : Verdict.Allow,
            Status = 200,
            Policy = policy,
            Rule = rule,
            LimitIndex = index,
            Warning = _warning,
            WarningLimit = _warning == Warning.None ? Decision.None : _warningLimit,
            DelayMilliseconds = _delay,
            KillSwitch = Decision.None,
            MatchedPolicy = _matchedPolicy,
            HasLimit = index >= 0,
            Limit = quota,
            Remaining = remaining,
            ResetSeconds = reset,
            Notes = _notes,
        };
    }

    /// <summary>The outcome when something refuses.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public readonly Decision Rejection() => new()
    {
        Verdict = Verdict.Reject,
        Reason = _facts.Denial.Reason,
        Status = _facts.Denial.Status != 0 ? _facts.Denial.Status : (short)Reasons.Status(_facts.Denial.Reason),
        Policy = _facts.Denial.Policy,
        Rule = _facts.Denial.Rule,
        LimitIndex = _facts.Denial.Limit,
        KillSwitch = Decision.None,
        MatchedPolicy = _matchedPolicy,
        HasLimit = _facts.Denial.HasLimit,
        Limit = _facts.Denial.HasLimit ? _policy.Limits[_facts.Denial.Limit].Told.Quota : 0,
        Remaining = _facts.Denial.Remaining,
        ResetSeconds = _facts.Denial.ResetSeconds,
        RetryAfterSeconds = _facts.Denial.WaitSeconds == Denial.Never ? 1 : Math.Max(1, _facts.Denial.WaitSeconds),
        Notes = _notes,
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
            if (!reservation.Shadow || !IsFirstOfGroup(i))
            {
                continue;
            }

            if (reservation.Trips)
            {
                Trip(ref reservation);
            }
            else
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
                Lose(group, first, i, result);
                return;
            }
        }
    }

    // Gives back what a group took before the one that it lost to another request.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Lose(int group, int first, int lost, TakeResult result)
    {
        GiveBack(group, first, lost);
        ref var reservation = ref _facts.Reservations[lost];
        var limit = _policy.Limits[reservation.Limit];
        Deny(group, DenialOf(limit, limit.Rule, ref reservation, result));
    }

    // A limit on trial counts as if it stood in the place of the live one: what only the live one refuses, it would have admitted. Not a slot: the
    // refused request has no end at which it would be given back.
    private void TakeTrialOfOnlyRefusal()
    {
        if (_refusedRules == 1 && _facts.Denial.Rule >= 0 && _policy.Rules[_facts.Denial.Rule].TrialCount > 0)
        {
            var group = GroupOf(_facts.Denial.Rule);
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
