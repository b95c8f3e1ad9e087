using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Counters;

namespace EdgeGuard.Engine.Decide;

/// <content>Who calls: what a policy demands before any of its guards and limits is looked at.</content>
internal ref partial struct Evaluation<TSink>
{
    // False when the caller is refused. What a policy counts is then not touched: an unknown caller gets no counter, and learns of none.
    private bool CheckCaller(CompiledIdentity identity, int policy, int group)
    {
        var reason = identity.Check(_facts);
        if (reason == Reason.None)
        {
            return true;
        }

        if (OpensForCaller(identity, reason, policy, group))
        {
            if (_sink.IsListening)
            {
                _sink.Add(new DecisionStep
                {
                    Policy = policy,
                    Rule = Decision.None,
                    Limit = Decision.None,
                    Outcome = StepOutcome.FailureOpened,
                    Shadow = group != Enforced,
                    Slot = Decision.None,
                });
            }

            return true;
        }

        RefuseByPolicy(group, policy, StepOutcome.CallerRefused, reason);
        return false;
    }

    // For good: no waiting makes a policy admit what it does not lead to, or whom it does not know.
    private void RefuseByPolicy(int group, int policy, StepOutcome outcome, Reason reason)
    {
        if (_sink.IsListening)
        {
            _sink.Add(new DecisionStep
            {
                Policy = policy,
                Rule = Decision.None,
                Limit = Decision.None,
                Outcome = outcome,
                Reason = reason,
                Shadow = group != Enforced,
                Slot = Decision.None,
            });
        }

        Deny(group, new Denial
        {
            Reason = reason,
            Policy = policy,
            Rule = Decision.None,
            Limit = Decision.None,
            WaitSeconds = Denial.Never,
        });
    }
}
