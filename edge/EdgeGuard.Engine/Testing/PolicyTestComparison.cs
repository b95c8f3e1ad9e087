using System.Globalization;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Answers;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Engine.Testing;

/// <summary>Compares a decision with what a step expects.</summary>
internal static class PolicyTestComparison
{
    /// <summary>What differs, or null.</summary>
    /// <param name="expect">What is expected.</param>
    /// <param name="decision">What came.</param>
    /// <param name="snapshot">For names.</param>
    /// <param name="last">Whether it is the last repeat: remaining units are told for that one only.</param>
    /// <param name="answer">What the answer tells in addition; null where that is looked at elsewhere.</param>
    public static string? Difference(PolicyTestExpectation expect, in Decision decision, PolicySnapshot snapshot, bool last, AnswerFields? answer = null)
    {
        var shadow = decision.ShadowReason != Reason.None;

        // Of an allow, policy and rule are those of the shadow rejection if the step is about it, and otherwise those of the tightest limit.
        var byShadow = decision.IsAdmitted && shadow && (expect.Reason is not null || expect.ShadowReject == true);
        var reason = byShadow ? decision.ShadowReason : decision.Reason;
        var policy = byShadow ? decision.ShadowPolicy : decision.Policy;
        var rule = byShadow ? decision.ShadowRule : decision.Rule;
        var verdict = Verdicts.Name(decision.Verdict);
        var told = reason == Reason.None ? verdict : $"{verdict} ({Reasons.Name(reason)})";
        return Text("verdict", expect.Verdict, verdict, told)
            ?? Text("reason", expect.Reason, Reasons.Name(reason), told)
            ?? Text("policy", expect.Policy, policy < 0 ? "none" : snapshot.PolicyId(policy), told)
            ?? Text("rule", expect.Rule, rule < 0 ? "none" : snapshot.RuleName(rule), told)
            ?? Text("remaining", last ? Number(expect.Remaining) : null, Number(decision.Remaining)!, told)
            ?? Text("retry_after", Number(expect.RetryAfter), Number(decision.RetryAfterSeconds)!, told)
            ?? Text("delay_ms", Number(expect.DelayMilliseconds), Number(decision.DelayMilliseconds)!, told)
            ?? Text("shadow_reject", Flag(expect.ShadowReject), Flag(shadow)!, told)
            ?? Text("status", Number(expect.Status), Number(decision.Status)!, told)
            ?? (answer is null ? null : Headers(expect, answer, told));
    }

    private static string? Headers(PolicyTestExpectation expect, AnswerFields answer, string told)
    {
        foreach (var (name, expected) in expect.Headers)
        {
            var actual = string.Empty;
            foreach (var field in answer.Fields)
            {
                actual = string.Equals(field.Name, name, StringComparison.OrdinalIgnoreCase) ? field.Value : actual;
            }

            if (!string.Equals(expected, actual, StringComparison.Ordinal))
            {
                return $"expected header {name} {Shown(expected)}, got {Shown(actual)}; the decision was {told}";
            }
        }

        return null;
    }

    private static string Shown(string value) => value.Length == 0 ? "not to be there" : $"\"{value}\"";

    private static string? Text(string name, string? expected, string actual, string told) =>
        expected is null || string.Equals(expected, actual, StringComparison.Ordinal)
            ? null
            : $"expected {name} {expected}, got {actual}; the decision was {told}";

    private static string? Number(long? value) => value?.ToString(CultureInfo.InvariantCulture);

    private static string? Flag(bool? value) => value switch
    {
        null => null,
        true => "true",
        _ => "false",
    };
}
