using System.Collections.Immutable;
using EdgeGuard.Engine.Explain;
using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Engine.Decide;

/// <summary>Writes recorded steps as people read them.</summary>
internal static class TraceCollector
{
    private const long Thousand = 1000;

    public static ImmutableArray<TraceStep> Describe(PolicySnapshot snapshot, ReadOnlySpan<DecisionStep> steps)
    {
        var described = ImmutableArray.CreateBuilder<TraceStep>(steps.Length);
        foreach (ref readonly var step in steps)
        {
            described.Add(step.Outcome == StepOutcome.Killed ? Killed(snapshot, step.Rule) : Describe(snapshot, in step));
        }

        return described.MoveToImmutable();
    }

    private static TraceStep Killed(PolicySnapshot snapshot, int killSwitch)
    {
        var definition = snapshot.KillSwitchAt(killSwitch);
        var where = definition.Route is null ? "on every path" : "on " + definition.Route;
        return new TraceStep(
            string.Empty, definition.Id, "denied", Shadow: false, 0, 0, 0, $"a kill switch for {definition.ScopeKey} {where} is in force");
    }

    private static TraceStep Describe(PolicySnapshot snapshot, in DecisionStep step)
    {
        var (word, why) = step.Outcome switch
        {
            StepOutcome.NotMatched => ("not_matched", "a match condition does not hold"),
            StepOutcome.MissingSkipped => ("missing_descriptor", "a limit key has no value and on_missing is allow, so the rule is skipped"),
            StepOutcome.MissingDenied => ("missing_descriptor", "a limit key has no value and on_missing is deny"),
            StepOutcome.Unverifiable => ("unverifiable", "a descriptor that the rule reads is present but could not be verified"),
            StepOutcome.Allowed => ("allowed", "the limit holds the cost"),
            StepOutcome.Warned => ("allowed", "the limit holds the cost, and a staged action marks the answer"),
            StepOutcome.Throttled => ("allowed", "the limit holds the cost, and a staged action delays the answer"),
            StepOutcome.CallerRefused => ("denied", StepText.WhyRefused(step.Reason)),
            StepOutcome.RouteRefused => ("denied", StepText.WhyNotLed(step.Reason)),
            StepOutcome.TooLarge => ("denied", "the body is longer than the rule reads"),
            _ when step.Lease.State != LeaseState.None => ("denied", StepText.WhyNoLease(step.Lease.State)),
            _ when step.WaitSeconds == 0 => ("denied", $"refused as {Reasons.Name(step.Reason)}"),
            _ => ("denied", $"the limit does not hold the cost for another {step.WaitSeconds} s"),
        };
        return new TraceStep(
            snapshot.PolicyId(step.Policy),
            step.Rule >= 0 ? snapshot.RuleName(step.Rule) : step.Limit >= 0 ? snapshot.LimitName(step.Limit) : string.Empty,
            word,
            step.Shadow,
            step.Quota / Thousand,
            Math.Max(0, step.Before) / Thousand,
            Math.Max(0, step.After) / Thousand,
            why);
    }
}
