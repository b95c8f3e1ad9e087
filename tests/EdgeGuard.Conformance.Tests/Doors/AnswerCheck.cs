using System.Globalization;
using EdgeGuard.Conformance.Tests.Cases;
using EdgeGuard.Engine.Decide;

namespace EdgeGuard.Conformance.Tests.Doors;

/// <summary>What an answer on the wire must say of a decision.</summary>
internal static class AnswerCheck
{
    private const int Ok = 200;

    /// <summary>What it says otherwise, or null.</summary>
    public static string? Difference(HttpResponseMessage answer, in Decision decision, Door door)
    {
        var status = (int)answer.StatusCode;
        var reason = Header(answer, "X-EdgeGuard-Reason");
        if (decision.IsAdmitted)
        {
            return Expect("status", Ok, status)
                ?? Expect("X-EdgeGuard-Reason", null, reason)
                ?? (door.Kind() == Door.Decision && !door.IsGateway() ? Expect("X-EdgeGuard-Decision", Verdicts.Name(decision.Verdict), Header(answer, "X-EdgeGuard-Decision")) : null)
                ?? (door.Kind() == Door.Decision && !door.IsGateway() ? Expect("X-EdgeGuard-Delay-Ms", DelayOf(in decision), Header(answer, "X-EdgeGuard-Delay-Ms")) : null)
                ?? Expect("X-EdgeGuard-Warning", WarningOf(in decision), Header(answer, "X-EdgeGuard-Warning"))
                ?? Limits(answer, in decision);
        }

        return Expect("status", decision.Status, status)
            ?? (decision.Reason == Reason.MalformedRequest && reason is null ? null : Expect("X-EdgeGuard-Reason", Reasons.Name(decision.Reason), reason))
            ?? RetryAfter(answer, in decision)
            ?? Limits(answer, in decision);
    }

    /// <summary>A header's value, or null.</summary>
    public static string? Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) || answer.Content.Headers.TryGetValues(name, out values) ? string.Join(", ", values) : null;

    private static string? DelayOf(in Decision decision) =>
        decision.DelayMilliseconds > 0 ? decision.DelayMilliseconds.ToString(CultureInfo.InvariantCulture) : null;

    private static string? WarningOf(in Decision decision) => decision.Warning == Warning.None ? null : Warnings.Name(decision.Warning);

    // From the time told to one and a half times it, so that clients do not come back together.
    private static string? RetryAfter(HttpResponseMessage answer, in Decision decision)
    {
        var text = Header(answer, "Retry-After");
        if (decision.Status is not (429 or 503) || decision.RetryAfterSeconds == 0)
        {
            return Expect("Retry-After", null, text);
        }

        var told = int.TryParse(text, CultureInfo.InvariantCulture, out var seconds) ? seconds : -1;
        var least = decision.RetryAfterSeconds;
        return told >= least && told <= least + (least / 2) ? null : $"Retry-After {text} does not follow from {least}";
    }

    private static string? Limits(HttpResponseMessage answer, in Decision decision)
    {
        var limit = Header(answer, "RateLimit");
        if (!decision.HasLimit)
        {
            return Expect("RateLimit", null, limit);
        }

        var expected = string.Create(CultureInfo.InvariantCulture, $";r={decision.Remaining};t={decision.ResetSeconds}");
        return limit?.EndsWith(expected, StringComparison.Ordinal) == true
            ? Expect("RateLimit-Remaining", decision.Remaining, Header(answer, "RateLimit-Remaining"))
            : $"RateLimit {limit} does not end in {expected}";
    }

    private static string? Expect(string name, object? expected, object? actual)
    {
        var wanted = Convert.ToString(expected, CultureInfo.InvariantCulture) ?? string.Empty;
        var got = Convert.ToString(actual, CultureInfo.InvariantCulture) ?? string.Empty;
        return wanted == got ? null : $"on the wire: expected {name} {(wanted.Length == 0 ? "to be absent" : wanted)}, got {(got.Length == 0 ? "none" : got)}";
    }
}
