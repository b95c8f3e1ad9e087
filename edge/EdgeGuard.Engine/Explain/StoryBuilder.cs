using System.Collections.Immutable;
using System.Globalization;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Engine.Explain;

/// <summary>Tells the story of a recorded decision. Runs when somebody asks, never when a decision is taken.</summary>
public static class StoryBuilder
{
    /// <summary>The story.</summary>
    public static DecisionStory Build(RecordedDecision recorded)
    {
        ArgumentNullException.ThrowIfNull(recorded);
        var names = new StoryNames(recorded.Snapshot);
        var decision = recorded.Decision;
        var rejected = decision.Verdict == Verdict.Reject;
        var kills = KillSwitches(recorded);
        var told = decision.HasLimit && decision.Rule != Decision.None;
        return new DecisionStory
        {
            DecisionId = recorded.Id,
            Time = recorded.Time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            Door = recorded.Door,
            DurationMicroseconds = recorded.ElapsedNanoseconds > 0 ? recorded.ElapsedNanoseconds / 1000m : null,
            Trace = recorded.Trace,
            BundleVersion = recorded.Snapshot?.Version ?? -1,
            BundleDigest = recorded.Snapshot?.Digest ?? string.Empty,
            Summary = StorySummary.Of(decision, names, kills) + Race(recorded),
            Verdict = StorySummary.Word(decision.Verdict),
            Warning = decision.Warning == Warning.None ? null : Warnings.Name(decision.Warning),
            DelayMilliseconds = decision.DelayMilliseconds > 0 ? decision.DelayMilliseconds : null,
            Trial = decision.Disagreements == 0 ? null : names.Rule(decision.DisagreeingRule),
            Reason = decision.Reason == Reason.None ? null : Reasons.Name(decision.Reason),
            Status = decision.Status,
            Policy = names.PolicyOrNull(decision.Policy),
            Rule = names.RuleOrNull(decision.Rule),
            Route = decision.MatchedPolicy == Decision.None ? null : recorded.Snapshot?.PolicyRoute(decision.MatchedPolicy),
            Limit = told ? decision.Limit : null,
            Remaining = told ? decision.Remaining : null,
            RetryAfterSeconds = rejected ? decision.RetryAfterSeconds : null,
            Shadow = decision.ShadowReason == Reason.None
                ? null
                : new StoryShadow(Reasons.Name(decision.ShadowReason), names.Policy(decision.ShadowPolicy), names.Rule(decision.ShadowRule)),
            KillSwitches = kills,
            FirstDenial = FirstDenial(recorded.Steps),
            Steps = Steps(recorded, names),
            StepsOmitted = recorded.StepsOmitted,
            Usage = Usage(recorded, names),
        };
    }

    /// <summary>A verdict as one word.</summary>
    public static string VerdictName(Verdict verdict) => StorySummary.Word(verdict);

    // Limits are read first and taken then; whoever loses what it has read is refused although every step says yes.
    private static string Race(RecordedDecision recorded) =>
        recorded.Decision is { Verdict: Verdict.Reject, LimitIndex: >= 0 } && recorded.Steps.Length > 0 && FirstDenial(recorded.Steps) is null
            && recorded.Decision.Reason != Reason.UpstreamUnavailable
            ? "; the limit held the cost when it was read, and another request took it in the same instant"
            : string.Empty;

    private static List<StoryUsage>? Usage(RecordedDecision recorded, StoryNames names)
    {
        if (recorded.Settled.IsEmpty)
        {
            return null;
        }

        var told = new List<StoryUsage>(recorded.Settled.Length);
        foreach (var settled in recorded.Settled)
        {
            told.Add(new StoryUsage(names.Rule(settled.Rule), settled.Reserved, settled.Charged, settled.How, UsageText.Why(settled.How)));
        }

        return told;
    }

    private static int? FirstDenial(ImmutableArray<DecisionStep> steps)
    {
        for (var i = 0; i < steps.Length; i++)
        {
            if (!steps[i].Shadow && StepText.IsDenial(steps[i].Outcome))
            {
                return i + 1;
            }
        }

        return null;
    }

    private static StoryKillSwitches KillSwitches(RecordedDecision recorded)
    {
        if (recorded.Snapshot is not { } snapshot)
        {
            return new StoryKillSwitches(0, recorded.Decision.KillSwitch < 0 ? null : "#", null, "the bundle is no longer kept");
        }

        var held = snapshot.KillSwitches;
        if ((uint)recorded.Decision.KillSwitch >= (uint)held.Length)
        {
            return new StoryKillSwitches(held.Length, null, null, held.Length == 0 ? "none are held" : "none of them is for this request");
        }

        var (definition, origin) = held[recorded.Decision.KillSwitch];
        var where = definition.Route is null ? "every path" : definition.Route;
        return new StoryKillSwitches(held.Length, definition.Id, origin, $"it stops {definition.ScopeKey} of one value on {where}; no policy was considered");
    }

    private static ImmutableArray<StoryStep> Steps(RecordedDecision recorded, StoryNames names)
    {
        var steps = ImmutableArray.CreateBuilder<StoryStep>(recorded.Steps.Length);
        foreach (var step in recorded.Steps)
        {
            if (step.Outcome == StepOutcome.Killed)
            {
                continue; // Told as what came before all policies.
            }

            var numbers = step.Quota != 0;
            steps.Add(new StoryStep
            {
                Number = steps.Count + 1,
                Policy = names.Policy(step.Policy),
                Rule = names.RuleOrNull(step.Rule),
                LimitName = names.LimitOrNull(step.Limit),
                Shadow = step.Shadow,
                Outcome = StepText.Word(step.Outcome),
                Why = StepText.Why(step, names.DescriptorOrNull(step.Slot)),
                Descriptors = StoryDescriptors.Of(recorded, step),
                Limit = numbers ? StepText.Units(step.Quota) : null,
                Before = numbers ? StepText.Units(step.Before) : null,
                After = numbers ? StepText.Units(step.After) : null,
                Lease = step.Lease.State == LeaseState.None
                    ? null
                    : new StoryLease(StepText.Units(step.Lease.Allowance), StepText.Units(step.Lease.Standing), StepText.Units(step.Lease.Granted)),
                WaitSeconds = step.WaitSeconds > 0 ? step.WaitSeconds : null,
                Counter = step.KeyHash == 0 ? null : step.KeyHash.ToString("x16", CultureInfo.InvariantCulture),
            });
        }

        return steps.ToImmutable();
    }
}
