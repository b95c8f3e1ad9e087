using System.Globalization;
using EdgeGuard.Engine.Decide;

namespace EdgeGuard.Engine.Explain;

/// <summary>A step in words, never with a descriptor's value.</summary>
internal static class StepText
{
    /// <summary>Whether a step refuses the request.</summary>
    public static bool IsDenial(StepOutcome outcome) => outcome is StepOutcome.Denied or StepOutcome.MissingDenied or StepOutcome.Unverifiable or StepOutcome.TooLarge or StepOutcome.CallerRefused
        or StepOutcome.RouteRefused;

    /// <summary>The outcome as one word.</summary>
    public static string Word(StepOutcome outcome) => outcome switch
    {
        StepOutcome.Allowed => "allowed",
        StepOutcome.Denied => "denied",
        StepOutcome.NotMatched => "not_matched",
        StepOutcome.MissingSkipped => "missing_skipped",
        StepOutcome.MissingDenied => "missing_denied",
        StepOutcome.Unverifiable => "unverifiable",
        StepOutcome.Warned => "warned",
        StepOutcome.Throttled => "throttled",
        StepOutcome.TooLarge => "too_large",
        StepOutcome.CallerRefused => "caller_refused",
        StepOutcome.RouteRefused => "route_refused",
        StepOutcome.FailureOpened => "failure_opened",
        _ => "killed",
    };

    /// <summary>Thousandths as a number of units.</summary>
    public static decimal Units(long thousandths) => thousandths / 1000m;

    /// <summary>Why the step ended as it did.</summary>
    /// <param name="step">The step.</param>
    /// <param name="descriptor">The descriptor that it stumbled over, or null.</param>
    public static string Why(in DecisionStep step, string? descriptor)
    {
        var named = descriptor is null ? string.Empty : ": " + descriptor;
        return step.Outcome switch
        {
            StepOutcome.Allowed => $"the limit holds the cost of {Text(step.Before - step.After)}",
            StepOutcome.Denied when step.Lease.State != LeaseState.None => WhyNoLease(step.Lease.State),
            StepOutcome.Denied when step.WaitSeconds > 0 => $"the limit does not hold the cost for another {step.WaitSeconds} s ({Reasons.Name(step.Reason)})",
            StepOutcome.Denied => $"refused as {Reasons.Name(step.Reason)}",
            StepOutcome.NotMatched => "the rule is for other requests" + named,
            StepOutcome.MissingSkipped => "the rule is skipped, because a limit key has no value" + named,
            StepOutcome.MissingDenied => "a limit key has no value" + named,
            StepOutcome.Unverifiable => "a descriptor is present and could not be verified" + named,
            StepOutcome.Warned => $"the limit holds the cost of {Text(step.Before - step.After)}, and a staged action marks the answer",
            StepOutcome.Throttled => $"the limit holds the cost of {Text(step.Before - step.After)}, and a staged action delays the answer",
            StepOutcome.CallerRefused => WhyRefused(step.Reason),
            StepOutcome.RouteRefused => WhyNotLed(step.Reason),
            StepOutcome.FailureOpened => "the edge could not find out what it has to know, and on_failure says to go on" + named,
            _ => "the body is longer than the rule reads",
        };
    }

    /// <summary>Why a fleet-wide budget refuses.</summary>
    public static string WhyNoLease(LeaseState state) => state switch
    {
        LeaseState.Exhausted => "no lease left of this key, and none to be had: the fleet has spent the budget or holds the rest",
        LeaseState.Closed => "no lease is in force: the control plane has not confirmed what this edge holds, or is silent and the rule says on_unreachable: deny",
        _ => "no lease left of this key: more is asked for, and not answered yet",
    };

    /// <summary>Why a policy refuses a caller.</summary>
    public static string WhyRefused(Reason reason) => reason switch
    {
        Reason.IdentityRequired => "the policy demands a verified identity or a signed delivery, and no accepted credential or signature was presented",
        Reason.ScopeDenied => "the caller is known, and lacks a scope that the policy demands",
        Reason.TooLarge => "the body is longer than the webhook's max_body_bytes, so its signature was not checked",
        Reason.Replayed => "the webhook's delivery is valid, and was let through before",
        Reason.OverloadShed => "the webhook's delivery is valid, and there is no room to remember it by, so it might be let through twice",
        _ => "the policy demands a verified identity or a signed delivery, and what was presented could not be verified or is not accepted here",
    };

    /// <summary>Why a route to models or tools refuses a request.</summary>
    public static string WhyNotLed(Reason reason) => reason switch
    {
        Reason.ModelDenied => "the model or tool that the body names may not be used here, or has no price",
        Reason.TooLarge => "the body is longer than the route reads",
        _ => "the body is no JSON object, or names two models or tools, or none where one is called",
    };

    private static string Text(long thousandths) => Units(thousandths).ToString("0.###", CultureInfo.InvariantCulture);
}
