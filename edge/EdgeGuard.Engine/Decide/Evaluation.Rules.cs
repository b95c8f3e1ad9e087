using System.Runtime.CompilerServices;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Facts;

namespace EdgeGuard.Engine.Decide;

/// <content>Rules: whether they apply, which of their numbers hold, and what they say.</content>
internal ref partial struct Evaluation<TSink>
{
    // False when the rule refuses, in its own group.
    private bool CheckRule(int index, int group, ref bool matched)
    {
        var rule = _policy.Rules[index];
        if (rule.Enforcement is null || group != Enforced || rule.Enforcement.IsEnforced(_facts))
        {
            return CheckRule(index, rule, group, ref matched);
        }

        // Outside the share the rule decides nothing, whatever it says: not even that a descriptor is missing.
        var first = _count;
        if (!CheckRule(index, rule, GroupOf(index), ref matched))
        {
            _count = first;
        }

        return true;
    }

    private bool CheckRule(int index, CompiledRule rule, int group, ref bool matched)
    {
        if (rule.Match.Length > 0 || !_facts.ArePresent(rule.VerifiedSlots))
        {
            return CheckRuleByFacts(index, rule, group, ref matched);
        }

        matched = true;
        return CheckNumbers(index, rule, group);
    }

    private bool CheckNumbers(int index, CompiledRule rule, int group) =>
        rule.IsPlain ? CheckLimit(rule.FirstLimit, index, group, tokens: -1) : CheckSpecial(index, rule, group);

    // A rule that does not apply to all requests, or of which something is missing or unverifiable.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool CheckRuleByFacts(int index, CompiledRule rule, int group, ref bool matched)
    {
        switch (StateOf(rule, out var slot))
        {
            case FactState.Missing:
                Tell(index, group, StepOutcome.NotMatched, Reason.None, slot);
                return true;
            case FactState.Unverifiable:
                matched = true;
                if (OpensForCredential(slot, rule.Policy, group))
                {
                    Tell(index, group, StepOutcome.FailureOpened, Reason.None, slot);
                    return true;
                }

                return Refuse(index, group, Reason.IdentityInvalid, StepOutcome.Unverifiable, slot);
            default:
                matched = true;
                break;
        }

        foreach (var key in rule.LimitSlots)
        {
            if (_facts.StateOf(key) != FactState.Present)
            {
                CountMissing(rule);
                if (OpensForData(key, rule.Policy, group))
                {
                    Tell(index, group, StepOutcome.FailureOpened, Reason.None, key);
                    return true;
                }

                if (rule.OnMissing == OnMissing.Deny)
                {
                    return Refuse(index, group, Reason.DescriptorMissing, StepOutcome.MissingDenied, key);
                }

                if (rule.OnMissing == OnMissing.Allow)
                {
                    Tell(index, group, StepOutcome.MissingSkipped, Reason.None, key);
                    return true;
                }

                break;
            }
        }

        return CheckNumbers(index, rule, group);
    }

    // A rule with tiers, several limits, tokens of a body or a trial.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool CheckSpecial(int index, CompiledRule rule, int group)
    {
        var agreed = CheckLimits(index, PlanOf(rule, out var end), end, group);
        if (rule.TrialCount > 0 && group == Enforced)
        {
            CheckTrial(index, rule, agreed);
        }

        return agreed;
    }

    // Index of the first limit that holds for the request, and of the one after the last.
    private readonly int PlanOf(CompiledRule rule, out int end)
    {
        var plan = rule.Tiers?.PlanOf(_facts, _now.UnixMilliseconds) ?? 0;
        end = rule.PlanStarts[plan + 1];
        return rule.PlanStarts[plan];
    }

    private void CheckTrial(int index, CompiledRule rule, bool agreed)
    {
        var first = _count;
        var trial = CheckLimits(index, rule.FirstTrial, rule.FirstTrial + rule.TrialCount, GroupOf(index));
        if (!trial)
        {
            _count = first;
        }

        if (trial != agreed)
        {
            _notes.Disagreements++;
            if (_notes.DisagreeingRule < 0)
            {
                _notes.DisagreeingRule = index;
                _notes.TrialRefuses = agreed;
            }
        }
    }

    private bool CheckLimits(int rule, int first, int end, int group)
    {
        var tokens = -1L;
        var prompt = 0L;
        if (_policy.Limits[first].Llm is { } llm)
        {
            var reason = llm.Reserve(_facts, out prompt, out tokens);
            if (reason != Reason.None)
            {
                return Refuse(rule, group, reason, reason == Reason.TooLarge ? StepOutcome.TooLarge : StepOutcome.Denied, Decision.None);
            }
        }

        var agreed = true;
        for (var limit = first; limit < end; limit++)
        {
            // A level that borrows looks at the one above, which is the reservation before it only if that one agreed.
            var isKept = CheckLimit(limit, rule, group, tokens, aboveAgreed: agreed);
            if (isKept && tokens >= 0)
            {
                _facts.Reservations[_count - 1].Since = prompt;
            }

            agreed = isKept && agreed;
        }

        return agreed;
    }

    // Rules that are a shadow of their own come after all policies that are.
    private readonly int GroupOf(int rule) => _policy.Policies.Length + rule;

    // Missing: does not apply. Unverifiable: everything that can be told holds, but something cannot be told. Present: applies.
    private readonly FactState StateOf(CompiledRule rule, out int slot)
    {
        var state = FactState.Present;
        slot = Decision.None;
        foreach (ref readonly var match in rule.Match.AsSpan())
        {
            switch (_facts.StateOf(match.Slot))
            {
                case FactState.Present when _facts.ValueOf(match.Slot).SequenceEqual(match.Value):
                    break;
                case FactState.Unverifiable:
                    state = FactState.Unverifiable;
                    slot = match.Slot;
                    break;
                default:
                    slot = match.Slot;
                    return FactState.Missing;
            }
        }

        foreach (var read in rule.VerifiedSlots)
        {
            if (_facts.StateOf(read) == FactState.Unverifiable)
            {
                slot = read;
                return FactState.Unverifiable;
            }
        }

        return state;
    }

    private bool Refuse(int rule, int group, Reason reason, StepOutcome outcome, int slot)
    {
        Tell(rule, group, outcome, reason, slot);
        Deny(group, new Denial
        {
            Reason = reason,
            Policy = _policy.Rules[rule].Policy,
            Rule = rule,
            Limit = Decision.None,
            WaitSeconds = Denial.Never,
        });
        return false;
    }

    private readonly void Tell(int rule, int group, StepOutcome outcome, Reason reason, int slot)
    {
        if (_sink.IsListening)
        {
            _sink.Add(new DecisionStep
            {
                Policy = _policy.Rules[rule].Policy,
                Rule = rule,
                Limit = Decision.None,
                Outcome = outcome,
                Reason = reason,
                Shadow = group != Enforced,
                Slot = slot,
            });
        }
    }
}
