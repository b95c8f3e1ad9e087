using System.Globalization;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Explain;
using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Edge.Explain;

/// <summary>One line of the list of recent decisions.</summary>
internal sealed record RecentDecision(
    string DecisionId,
    DateTimeOffset Time,
    string Kind,
    string Door,
    string Verdict,
    int Status,
    string? Reason,
    string? Policy,
    string? Rule,
    string? KillSwitch,
    string TraceId)
{
    /// <summary>The line of an entry. Of a shadow disagreement reason, policy and rule are those of the shadow policy.</summary>
    public static RecentDecision Of(in EntryHead head, PolicySnapshot? snapshot, string door)
    {
        var decision = head.Decision;
        var shadow = head.Kind == EntryKind.Shadow;
        shadow &= decision.ShadowReason != Engine.Decide.Reason.None;
        var reason = shadow ? decision.ShadowReason : decision.Reason;
        var policy = shadow ? decision.ShadowPolicy : decision.Policy;
        var rule = shadow ? decision.ShadowRule : decision.Rule;
        return new RecentDecision(
            head.Trace.Id.ToString(),
            DateTimeOffset.FromUnixTimeMilliseconds(head.UnixMilliseconds),
            KindName(head.Kind),
            door,
            StoryBuilder.VerdictName(decision.Verdict),
            decision.Status,
            reason == Engine.Decide.Reason.None ? null : Reasons.Name(reason),
            policy >= 0 ? snapshot?.PolicyId(policy) : null,
            rule >= 0 ? snapshot?.RuleName(rule) : null,
            decision.KillSwitch >= 0 ? snapshot?.KillSwitchId(decision.KillSwitch) : null,
            head.Trace.Context.TraceId.ToString("x32", CultureInfo.InvariantCulture));
    }

    /// <summary>Name of a kind, in lists and metrics.</summary>
    public static string KindName(EntryKind kind) => kind switch
    {
        EntryKind.Refusal => "refusal",
        EntryKind.Warning => "warning",
        EntryKind.Shadow => "shadow",
        _ => "allow",
    };
}
