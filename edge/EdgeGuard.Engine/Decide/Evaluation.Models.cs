using EdgeGuard.Engine.Compile;

namespace EdgeGuard.Engine.Decide;

/// <content>Routes to models and tools: which of them may be used.</content>
internal ref partial struct Evaluation<TSink>
{
    // False when the request names what its route does not lead to.
    private bool CheckModels(CompiledModelRoute route, int policy, int group, in RequestView request)
    {
        var reason = route.Check(_facts, request.Path);
        if (reason == Reason.None)
        {
            return true;
        }

        if (_sink.IsListening)
        {
            _sink.Add(new DecisionStep
            {
                Policy = policy,
                Rule = Decision.None,
                Limit = Decision.None,
                Outcome = StepOutcome.RouteRefused,
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
        return false;
    }
}
