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

        RefuseByPolicy(group, policy, StepOutcome.RouteRefused, reason);
        return false;
    }
}
