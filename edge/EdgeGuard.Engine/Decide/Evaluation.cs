using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Matching;

namespace EdgeGuard.Engine.Decide;

/// <summary>
/// One decision under way: first every rule of every matching policy is checked without taking anything, then, if all enforced ones agree,
/// all limits are taken in order, and what was taken is given back if one of them was lost to another request meanwhile.
/// </summary>
internal ref struct Evaluation<TSink>
    where TSink : struct, ITraceSink
{
    private readonly CompiledPolicy _policy;
    private readonly TableBinding _binding;
    private readonly FactSet _facts;
    private readonly EngineTime _now;
    private readonly ulong _epoch;
    private readonly bool _globalShadow;
    private readonly TSink _sink;
    private int _count;
    private int _tightest;
    private double _tightestShare;
    private int _matchedPolicy;
    private int _missing;
    private int _firstMissing;
    private int _invalidCosts;
    private Denial _denial;
    private Denial _shadowDenial;

    public Evaluation(CompiledPolicy policy, TableBinding binding, FactSet facts, EngineTime now, TSink sink)
    {
        _policy = policy;
        _binding = binding;
        _facts = facts;
        _now = now;
        _epoch = CellMeta.EpochAt(now.Nanoseconds);
        _globalShadow = policy.GlobalShadowUntil > now.UnixMilliseconds;
        _sink = sink;
        _tightest = Decision.None;
        _tightestShare = double.MaxValue;
        _matchedPolicy = Decision.None;
        _firstMissing = Decision.None;
    }

    /// <summary>Checks everything. Nothing is taken.</summary>
    public void Check(in RequestView request)
    {
        var cursor = new MatchCursor(_policy.Routes, request.Method, request.Host, request.Path);
        while (cursor.Next(out var policy))
        {
            if (_matchedPolicy < 0)
            {
                _matchedPolicy = policy;
            }

            CheckPolicy(in _policy.Policies[policy]);
        }
    }

    /// <summary>Takes all limits that were checked, or none of the enforced ones.</summary>
    public void Take()
    {
        if (_denial.Reason != Reason.None || _count == 0)
        {
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
                GiveBack(0, i, shadow: false);
                Deny(ref _denial, DenialOf(in reservations[i], result));
                return;
            }
        }

        TakeShadow();
    }

    /// <summary>The outcome.</summary>
    public readonly Decision ToDecision()
    {
        var denied = _denial.Reason != Reason.None;
        var rule = denied ? _denial.Rule : _tightest < 0 ? Decision.None : _facts.Reservations[_tightest].Limit;
        var hasLimit = denied ? _denial.HasLimit : rule >= 0;
        var deficit = 0UL;
        BucketScale scale = default;
        if (hasLimit)
        {
            scale = _policy.Rules[rule].Scale;
            deficit = denied ? _denial.Deficit : _facts.Reservations[_tightest].Deficit + _facts.Reservations[_tightest].Cost;
            deficit = Math.Min(deficit, scale.Burst);
        }

        return new Decision
        {
            Verdict = denied ? Verdict.Reject : Verdict.Allow,
            Reason = _denial.Reason,
            Status = (short)(denied ? Reasons.Status(_denial.Reason) : 200),
            Policy = rule < 0 ? Decision.None : _policy.Rules[rule].Policy,
            Rule = rule,
            KillSwitch = Decision.None,
            MatchedPolicy = _matchedPolicy,
            HasLimit = hasLimit,
            Limit = hasLimit ? _policy.Rules[rule].Quota.Quota : 0,
            Remaining = hasLimit ? scale.Tokens(scale.Burst - deficit) : 0,
            ResetSeconds = hasLimit ? scale.Seconds(deficit) : 0,
            RetryAfterSeconds = !denied ? 0 : _denial.WaitSeconds == Denial.Never ? 1 : Math.Max(1, _denial.WaitSeconds),
            ShadowReason = _shadowDenial.Reason,
            ShadowPolicy = _shadowDenial.Reason == Reason.None ? Decision.None : _policy.Rules[_shadowDenial.Rule].Policy,
            ShadowRule = _shadowDenial.Reason == Reason.None ? Decision.None : _shadowDenial.Rule,
            MissingDescriptors = _missing,
            FirstMissingSlot = _firstMissing,
            InvalidCosts = _invalidCosts,
        };
    }

    private void CheckPolicy(in CompiledPolicyEntry policy)
    {
        var shadow = _globalShadow || policy.Shadow;
        var first = _count;
        var agreed = true;
        var matched = false;
        for (var rule = policy.FirstRule; rule < policy.FirstRule + policy.RuleCount; rule++)
        {
            agreed &= CheckRule(rule, shadow, ref matched);
        }

        if (!matched && policy.Fallback >= 0)
        {
            agreed &= CheckRule(policy.Fallback, shadow, ref matched);
        }

        if (shadow && !agreed)
        {
            // Enforced, it would have refused and so consumed nothing.
            _count = first;
        }
    }

    // False when the rule refuses.
    private bool CheckRule(int index, bool shadow, ref bool matched)
    {
        var rule = _policy.Rules[index];
        var state = StateOf(rule);
        switch (state)
        {
            case FactState.Missing:
                _sink.Rule(index, shadow, TraceOutcome.NotMatched);
                return true;
            case FactState.Unverifiable:
                matched = true;
                return Refuse(index, shadow, Reason.IdentityInvalid, TraceOutcome.Unverifiable);
            default:
                matched = true;
                break;
        }

        ref readonly var binding = ref _binding.Rules[index];
        var hash = binding.Prefix;
        for (var i = 0; i < rule.LimitSlots.Length; i++)
        {
            var slot = rule.LimitSlots[i];
            if (_facts.StateOf(slot) == FactState.Present)
            {
                TableBinding.Append(ref hash, rule.LimitKeys[i].Kind, _facts.ValueOf(slot));
                continue;
            }

            CountMissing(slot);
            if (rule.OnMissing == OnMissing.Deny)
            {
                return Refuse(index, shadow, Reason.DescriptorMissing, TraceOutcome.MissingDenied);
            }

            if (rule.OnMissing == OnMissing.Allow)
            {
                _sink.Rule(index, shadow, TraceOutcome.MissingSkipped);
                return true;
            }

            TableBinding.AppendMissing(ref hash, rule.LimitKeys[i].Kind);
        }

        return CheckLimit(index, rule, shadow, ref hash, in binding.Limit);
    }

    private bool CheckLimit(int index, CompiledRule rule, bool shadow, ref SipHash hash, in BucketLimit limit)
    {
        var (low, high) = hash.Finish();
        var key = CounterKey.Of(low, high);
        var invalidCost = false;
        ref var reservation = ref _facts.NextReservation(_count);
        reservation.Key = shadow ? key.ForShadow() : key;
        reservation.Meta = CellMeta.WithEpoch(limit.Meta, _epoch);
        reservation.Clock = limit.Scale.ClockAt(_now.Nanoseconds);
        reservation.Cost = rule.Cost.Of(_facts, in limit.Scale, ref invalidCost);
        reservation.Limit = index;
        reservation.Capacity = limit.Scale.Burst;
        reservation.Taken = false;
        reservation.Shadow = shadow;
        reservation.InOverflow = false;
        reservation.Since = _binding.ActivatedAt;
        if (invalidCost)
        {
            _invalidCosts++;
        }

        TokenBucketCounter.Check(_binding.Table, in limit, ref reservation, _now.Nanoseconds);
        var after = reservation.Deficit + reservation.Cost;
        var allowed = after <= limit.Scale.Burst;
        _sink.Limit(index, shadow, allowed, reservation.Deficit, reservation.Cost);
        if (!allowed)
        {
            var denial = DenialOf(in reservation, TakeResult.Exceeded);
            Deny(ref shadow ? ref _shadowDenial : ref _denial, denial, firstOnly: shadow);
            return false;
        }

        if (!shadow)
        {
            var share = (double)(limit.Scale.Burst - after) / limit.Scale.Burst;
            if (share < _tightestShare)
            {
                _tightestShare = share;
                _tightest = _count;
            }
        }

        _count++;
        return true;
    }

    // Missing: does not apply. Unverifiable: everything that can be told holds, but something cannot be told. Present: applies.
    private readonly FactState StateOf(CompiledRule rule)
    {
        var state = FactState.Present;
        foreach (ref readonly var match in rule.Match.AsSpan())
        {
            switch (_facts.StateOf(match.Slot))
            {
                case FactState.Present when _facts.ValueOf(match.Slot).SequenceEqual(match.Value):
                    break;
                case FactState.Unverifiable:
                    state = FactState.Unverifiable;
                    break;
                default:
                    return FactState.Missing;
            }
        }

        foreach (var slot in rule.LimitSlots)
        {
            if (_facts.StateOf(slot) == FactState.Unverifiable)
            {
                return FactState.Unverifiable;
            }
        }

        return state;
    }

    private bool Refuse(int rule, bool shadow, Reason reason, TraceOutcome outcome)
    {
        _sink.Rule(rule, shadow, outcome);
        var denial = new Denial(reason, rule, Denial.Never, 0, HasLimit: false);
        Deny(ref shadow ? ref _shadowDenial : ref _denial, denial, firstOnly: shadow);
        return false;
    }

    private readonly TakeResult TakeOne(ref Reservation reservation) =>
        TokenBucketCounter.Take(
            _binding.Table, in _binding.Rules[reservation.Limit].Limit, ref reservation, _now.Nanoseconds);

    // Each shadow policy on its own: as if it alone were enforced beside the real ones.
    private void TakeShadow()
    {
        var reservations = _facts.Reservations;
        for (var i = 0; i < _count;)
        {
            var policy = _policy.Rules[reservations[i].Limit].Policy;
            var first = i;
            for (; i < _count && _policy.Rules[reservations[i].Limit].Policy == policy; i++)
            {
                if (!reservations[i].Shadow)
                {
                    continue;
                }

                var result = TakeOne(ref reservations[i]);
                if (result != TakeResult.Taken)
                {
                    GiveBack(first, i, shadow: true);
                    Deny(ref _shadowDenial, DenialOf(in reservations[i], result), firstOnly: true);
                    i = EndOf(policy, i);
                    break;
                }
            }
        }
    }

    private readonly int EndOf(int policy, int from)
    {
        var reservations = _facts.Reservations;
        while (from < _count && _policy.Rules[reservations[from].Limit].Policy == policy)
        {
            from++;
        }

        return from;
    }

    private readonly void GiveBack(int from, int to, bool shadow)
    {
        var reservations = _facts.Reservations;
        for (var i = from; i < to; i++)
        {
            if (reservations[i].Shadow == shadow)
            {
                TokenBucketCounter.GiveBack(_binding.Table, ref reservations[i]);
            }
        }
    }

    private readonly Denial DenialOf(in Reservation reservation, TakeResult result)
    {
        if (result == TakeResult.Full)
        {
            return new Denial(Reason.CountersFull, reservation.Limit, 1, 0, HasLimit: false);
        }

        var scale = _policy.Rules[reservation.Limit].Scale;
        var wait = reservation.Deficit + reservation.Cost;
        var seconds = wait > scale.Burst ? scale.Seconds(wait - scale.Burst) : 1;
        return new Denial(
            Reason.TokenBucketExceeded, reservation.Limit, Math.Min(seconds, Denial.Never - 1), reservation.Deficit, HasLimit: true);
    }

    // The denial with the longest wait is told; of shadow denials the first.
    private static void Deny(ref Denial told, in Denial denial, bool firstOnly = false)
    {
        if (told.Reason == Reason.None || (!firstOnly && denial.WaitSeconds > told.WaitSeconds))
        {
            told = denial;
        }
    }

    private void CountMissing(int slot)
    {
        _missing++;
        if (_firstMissing < 0)
        {
            _firstMissing = slot;
        }
    }
}
