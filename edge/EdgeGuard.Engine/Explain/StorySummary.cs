using System.Globalization;
using EdgeGuard.Engine.Decide;

namespace EdgeGuard.Engine.Explain;

/// <summary>A decision in one sentence.</summary>
internal static class StorySummary
{
    public static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Allow => "allow",
        Verdict.Reject => "reject",
        _ => verdict.ToString().ToLowerInvariant(),
    };

    public static string Of(in Decision decision, StoryNames names, StoryKillSwitches kills)
    {
        var shadow = decision.ShadowReason == Reason.None
            ? string.Empty
            : $"; shadow policy {names.Policy(decision.ShadowPolicy)} would have refused it ({Reasons.Name(decision.ShadowReason)}, rule {names.Rule(decision.ShadowRule)})";
        if (decision.Disagreements > 0)
        {
            shadow += $"; the limit on trial of rule {names.Rule(decision.DisagreeingRule)} would have {(decision.TrialRefuses ? "refused" : "admitted")} it";
        }

        return (decision.Verdict == Verdict.Reject ? Refused(decision, names, kills) : Passed(decision, names)) + shadow;
    }

    private static string Refused(in Decision decision, StoryNames names, StoryKillSwitches kills)
    {
        var told = string.Create(CultureInfo.InvariantCulture, $"refused with {decision.Status} {Reasons.Name(decision.Reason)}");
        switch (decision.Reason)
        {
            case Reason.NoBundleLoaded:
                return told + ": no bundle is in force, or it has expired and the options refuse everything then";
            case Reason.MalformedRequest:
                return told + ": method, host or target cannot be read without doubt";
            case Reason.UpstreamUnavailable:
                return told + ": the decision was to allow, and then the upstream failed";
            case Reason.KillSwitch:
                return kills.Matched is null ? $"{told}, which came into force while the request was under way" : $"{told} by the {kills.Origin ?? "unknown"} kill switch {kills.Matched}";
            default:
                break;
        }

        var by = decision.Policy == Decision.None ? string.Empty
            : decision.Rule == Decision.None ? $" by policy {names.Policy(decision.Policy)}"
            : $" by rule {names.Rule(decision.Rule)} of policy {names.Policy(decision.Policy)}";
        var wait = decision.HasLimit
            ? string.Create(CultureInfo.InvariantCulture, $"; {decision.Remaining} of {decision.Limit} left, and a request of this cost could succeed in {decision.RetryAfterSeconds} s")
            : string.Empty;
        return told + by + wait;
    }

    private static string Passed(in Decision decision, StoryNames names)
    {
        var how = decision.Verdict switch
        {
            Verdict.Warn => $"allowed with a warning ({Warnings.Name(decision.Warning)})",
            Verdict.Throttle => string.Create(CultureInfo.InvariantCulture, $"allowed after {decision.DelayMilliseconds} ms ({Warnings.Name(decision.Warning)})"),
            _ => "allowed",
        };
        if (decision.HasLimit && decision.Rule != Decision.None)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{how}; of the limits that apply, rule {names.Rule(decision.Rule)} of policy {names.Policy(decision.Policy)} has the smallest share left: {decision.Remaining} of {decision.Limit}");
        }

        return decision.MatchedPolicy == Decision.None ? $"{how}; no policy is for this host and path" : $"{how}; no limit applies";
    }
}
