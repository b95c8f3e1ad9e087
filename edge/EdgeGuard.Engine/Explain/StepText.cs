using System.Collections.Immutable;
using System.Globalization;
using EdgeGuard.Engine.Decide;

namespace EdgeGuard.Engine.Explain;

/// <summary>A step in words, never with a descriptor's value.</summary>
internal static class StepText
{
    /// <summary>Whether a step refuses the request.</summary>
    public static bool IsDenial(StepOutcome outcome) => outcome is StepOutcome.Denied or StepOutcome.MissingDenied or StepOutcome.Unverifiable;

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
        _ => "other",
    };

    /// <summary>Thousandths as a number of units.</summary>
    public static decimal Units(long thousandths) => thousandths / 1000m;

    /// <summary>Why the step ended as it did.</summary>
    public static string Why(in DecisionStep step, ImmutableArray<StoryDescriptor> descriptors) => step.Outcome switch
    {
        StepOutcome.Allowed when step.LimitUnits == 0 => "nothing speaks against it",
        StepOutcome.Allowed => $"the limit holds the cost of {Text(step.Before - step.After)}",
        StepOutcome.Denied when step.LimitUnits == 0 => "it refuses",
        StepOutcome.Denied when step.WaitSeconds > 0 => $"the limit does not hold the cost for another {Text(step.WaitSeconds * 1000L)} s",
        StepOutcome.Denied => "the limit does not hold the cost",
        StepOutcome.NotMatched => "the rule is for other requests" + First(descriptors, "match", holds: false),
        StepOutcome.MissingSkipped => "the rule is skipped, because a limit key has no value" + First(descriptors, "limit_key", "missing"),
        StepOutcome.MissingDenied => "a limit key has no value" + First(descriptors, "limit_key", "missing"),
        StepOutcome.Unverifiable => "a descriptor is present and could not be verified" + First(descriptors, null, "unverifiable"),
        StepOutcome.Warned => "the limit holds the cost, and a threshold for warning is passed",
        StepOutcome.Throttled => "the limit holds the cost, and a threshold for slowing down is passed",
        _ => "see the outcome",
    };

    private static string Text(long thousandths) => Units(thousandths).ToString("0.###", CultureInfo.InvariantCulture);

    private static string First(ImmutableArray<StoryDescriptor> descriptors, string? use, string? state = null, bool? holds = null)
    {
        foreach (var descriptor in descriptors)
        {
            if ((use is null || descriptor.Use == use) && (state is null || descriptor.State == state) && (holds is null || descriptor.Holds == holds))
            {
                return ": " + descriptor.Key;
            }
        }

        return string.Empty;
    }
}
