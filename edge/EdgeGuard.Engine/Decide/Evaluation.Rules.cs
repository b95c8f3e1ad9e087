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
        switch (StateOf(rule, out var slot))
        {
            case FactState.Missing:
                Tell(index, group, StepOutcome.NotMatched, Reason.None, slot);
                return true;
            case FactState.Unverifiable:
                matched = true;
                return Refuse(index, group, Reason.IdentityInvalid, StepOutcome.Unverifiable, slot);
            default:
                matched = true;
                break;
        }

        foreach (var key in rule.LimitSlots)
        {
            if (_facts.StateOf(key) != FactState.Present)
            {
                CountMissing(key);
                if (rule.OnMissing == OnMissing.Deny)
                {
                    return Refuse(index, group, Reason.DescriptorMissing, StepOutcome.MissingDenied, key);
                }

                if (rule.OnMissing == OnMissing.Allow)
                {
                    Tell(index, group, StepOutcome.MissingSkipped, Reason.None, key);
                    return true;
                }
            }
        }

        return rule.IsPlain ? CheckLimit(rule.FirstLimit, index, group, tokens: -1) : CheckSpecial(index, rule, group);
    }

    // A rule with tiers, a share, several limits, tokens of a body or a trial.
    private bool CheckSpecial(int index, CompiledRule rule, int group)
    {
        var shared = group;
        if (group == Enforced && rule.Enforcement is { } enforcement && !enforcement.IsEnforced(_facts))
        {
            shared = GroupOf(index);
        }

        var first = _count;
        var plan = rule.Tiers?.PlanOf(_facts, _now.UnixMilliseconds) ?? 0;
        var agreed = CheckLimits(index, rule.FirstLimit + (plan * rule.LimitCount), rule.LimitCount, rule.Llm, shared);
        if (shared != group)
        {
            if (!agreed)
            {
                _count = first;
            }

            // Outside the share the rule decides nothing, whatever it says.
            return true;
        }

        if (rule.TrialCount > 0 && group == Enforced)
        {
            CheckTrial(index, rule, agreed);
        }

        return agreed;
    }

    private void CheckTrial(int index, CompiledRule rule, bool agreed)
    {
        var first = _count;
        var trial = CheckLimits(index, rule.FirstTrial, rule.TrialCount, rule.TrialLlm, GroupOf(index));
        if (!trial)
        {
            _count = first;
        }

        if (trial != agreed)
        {
            _disagreements++;
            if (_disagreeingRule < 0)
            {
                _disagreeingRule = index;
                _trialRefuses = agreed;
            }
        }
    }

    private bool CheckLimits(int rule, int first, int count, CompiledLlm? llm, int group)
    {
        var tokens = -1L;
        if (llm is not null)
        {
            var reason = llm.Reserve(_facts, out tokens);
            if (reason != Reason.None)
            {
                return Refuse(rule, group, reason, reason == Reason.TooLarge ? StepOutcome.TooLarge : StepOutcome.Denied, Decision.None);
            }
        }

        var agreed = true;
        for (var limit = first; limit < first + count; limit++)
        {
            // A level that borrows looks at the one above, which is the reservation before it only if that one agreed.
            agreed = CheckLimit(limit, rule, group, tokens, aboveAgreed: agreed) && agreed;
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
