using EdgeGuard.Contracts;

namespace EdgeGuard.ControlPlane.Telemetry;

/// <summary>
/// Judges a batch before it is counted. Labels come from bundles and closed lists; a batch that holds anything else is refused whole,
/// so that an edge gone wrong fills the tables with nothing.
/// </summary>
internal static class TelemetryValidator
{
    /// <summary>Most series in one batch.</summary>
    public const int MaxSeries = 20_000;

    /// <summary>Most local kill reports in one batch.</summary>
    public const int MaxLocalKills = 200;

    private const int MaxLabel = 256;
    private const long MaxCount = 1L << 50;
    private const long MaxUnixMilliseconds = 253_402_300_799_999;

    /// <summary>What is wrong first, or null.</summary>
    public static string? Check(TelemetryBatch batch)
    {
        if (batch.Epoch <= 0 || batch.Sequence <= 0)
        {
            return "epoch and sequence are positive";
        }

        if (batch.FromUnixMilliseconds < 0 || batch.ToUnixMilliseconds < batch.FromUnixMilliseconds || batch.ToUnixMilliseconds > MaxUnixMilliseconds)
        {
            return "the interval is not one";
        }

        if (batch.Decisions is null || batch.Decisions.Count > MaxSeries)
        {
            return $"there are more than {MaxSeries} series";
        }

        if (batch.LatencyCounts is null || (batch.LatencyCounts.Count != 0 && batch.LatencyCounts.Count != TelemetryBatch.LatencyBuckets.Count + 1) ||
            batch.LatencyCounts.Any(count => count is < 0 or > MaxCount))
        {
            return $"latency_counts are not {TelemetryBatch.LatencyBuckets.Count + 1} counts";
        }

        if (batch.LocalKills is null || batch.LocalKills.Count > MaxLocalKills || batch.LocalKills.Any(report => !IsValid(report)))
        {
            return "a local kill report is not valid";
        }

        if (batch.OverflowedSeries is < 0 or > MaxCount)
        {
            return "overflowed_series is not a count";
        }

        return batch.Decisions.Any(decision => !IsValid(decision)) ? "a decision count is not valid" : null;
    }

    private static bool IsValid(DecisionCount count) =>
        count is { Count: >= 0 and <= MaxCount, BundleVersion: >= 0, Verdict: "allow" or "reject" or "warn" or "throttle" } &&
        IsLabel(count.Policy) && IsLabel(count.Rule) && IsLabel(count.Route) && IsWord(count.Reason);

    private static bool IsValid(LocalKillReport report) =>
        report is { Action: "added" or "removed", UnixMilliseconds: >= 0 and <= MaxUnixMilliseconds } &&
        IsLabel(report.Id) && IsLabel(report.ScopeKey) && report.Reason is { Length: <= 500 };

    private static bool IsLabel(string? text) => text is { Length: <= MaxLabel } && !text.Any(char.IsControl);

    private static bool IsWord(string? text) =>
        text is { Length: <= 64 } && text.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character is '_');
}
