using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Engine.Decide;
using Google.Protobuf.WellKnownTypes;

namespace EdgeGuard.Edge.Grpc;

/// <summary>Dynamic metadata of Envoy that names what decided, for its access log and for filters that follow.</summary>
internal static class DecisionMetadata
{
    /// <summary>The metadata of a decision. Names come from the bundle and from closed lists, none from the request.</summary>
    public static Struct Of(in DecidedRequest decided)
    {
        var (decision, snapshot) = (decided.Decision, decided.Snapshot);
        var told = new Struct();
        Tell(told, "decision", Verdicts.Name(decision.Verdict));
        Tell(told, "decision_id", decided.Trace.Id.ToString());
        told.Fields["status"] = Value.ForNumber(decision.Status);
        if (!decision.IsAdmitted)
        {
            Tell(told, "reason", Reasons.Name(decision.Reason));
        }

        if (decision.Policy != Decision.None)
        {
            Tell(told, "policy", snapshot.PolicyId(decision.Policy));
        }

        if (decision.Rule != Decision.None)
        {
            Tell(told, "rule", snapshot.RuleName(decision.Rule));
        }

        if (decision.KillSwitch != Decision.None && decision.Reason == Reason.KillSwitch)
        {
            Tell(told, "kill_switch", snapshot.KillSwitchId(decision.KillSwitch));
        }

        if (decision.HasLimit)
        {
            told.Fields["limit"] = Value.ForNumber(decision.Limit);
            told.Fields["remaining"] = Value.ForNumber(decision.Remaining);
            told.Fields["reset_seconds"] = Value.ForNumber(decision.ResetSeconds);
        }

        TellAdvice(told, decided);
        return told;
    }

    // What changes nothing now: marks, delays, and what a shadow policy would have done.
    private static void TellAdvice(Struct told, in DecidedRequest decided)
    {
        var (decision, snapshot) = (decided.Decision, decided.Snapshot);
        if (decision.Warning != Warning.None)
        {
            Tell(told, "warning", Warnings.Name(decision.Warning));
        }

        if (decision.DelayMilliseconds > 0)
        {
            told.Fields["delay_ms"] = Value.ForNumber(decision.DelayMilliseconds);
        }

        if (decision.ShadowReason != Reason.None)
        {
            Tell(told, "shadow_reason", Reasons.Name(decision.ShadowReason));
            if (decision.ShadowPolicy != Decision.None)
            {
                Tell(told, "shadow_policy", snapshot.PolicyId(decision.ShadowPolicy));
            }

            if (decision.ShadowRule != Decision.None)
            {
                Tell(told, "shadow_rule", snapshot.RuleName(decision.ShadowRule));
            }
        }
    }

    private static void Tell(Struct told, string name, string value) => told.Fields[name] = Value.ForString(value);
}
