using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Schema;

namespace EdgeGuard.Bundles.Diff;

/// <summary>What protects a whole policy.</summary>
internal sealed class ProtectionDiff(ChangeList changes)
{
    public void Compare(string path, PolicyDefinition before, PolicyDefinition after)
    {
        var loops = path + ".loop_detection";
        changes.Limiting(loops, before.LoopDetection, after.LoopDetection, Describe, (old, now) => Compare(loops, old, now));
        var breaker = path + ".circuit_breaker";
        changes.Limiting(breaker, before.CircuitBreaker, after.CircuitBreaker, Describe, (old, now) => Compare(breaker, old, now));
        var adaptive = path + ".adaptive_concurrency";
        changes.Limiting(adaptive, before.AdaptiveConcurrency, after.AdaptiveConcurrency, Describe, (old, now) => Compare(adaptive, old, now));
    }

    private void Compare(string path, LoopDetectionDefinition before, LoopDetectionDefinition after)
    {
        changes.Number(path + ".window_seconds", before.WindowSeconds, after.WindowSeconds, higherLoosens: false);
        changes.Number(path + ".threshold_identical_requests", before.Threshold, after.Threshold);
        changes.Value(path + ".action", Word(before.Action), Word(after.Action), after.Action < before.Action ? Effects.Tightens : Effects.Loosens);
        changes.Value(path + ".similarity", before.Near ? "near" : "exact", after.Near ? "near" : "exact", after.Near ? Effects.Tightens : Effects.Loosens);
        if (before.Near && after.Near)
        {
            changes.Number(path + ".similarity_percent", before.SimilarityPercent, after.SimilarityPercent);
            changes.Number(path + ".max_cycle_length", before.MaxCycleLength, after.MaxCycleLength, higherLoosens: false);
        }
    }

    private void Compare(string path, CircuitBreakerDefinition before, CircuitBreakerDefinition after)
    {
        changes.Number(path + ".spend_rate_threshold_per_minute", before.ThresholdPerMinute, after.ThresholdPerMinute);
        var opensSooner = Resets(after) < Resets(before) ? Effects.Loosens : Effects.Tightens;
        changes.Value(path + ".auto_reset_after_minutes", BundleDiff.Text(before.AutoReset.TotalMinutes), BundleDiff.Text(after.AutoReset.TotalMinutes), opensSooner);
        changes.Number(path + ".half_open_requests", before.HalfOpenRequests, after.HalfOpenRequests);
        changes.Value(path + ".status", BundleDiff.Text(before.Status), BundleDiff.Text(after.Status));
        changes.Value(path + ".alert", before.Alert ? "true" : "false", after.Alert ? "true" : "false");
    }

    private void Compare(string path, AdaptiveConcurrencyDefinition before, AdaptiveConcurrencyDefinition after)
    {
        changes.Number(path + ".min_limit", before.MinLimit, after.MinLimit);
        changes.Number(path + ".max_limit", before.MaxLimit, after.MaxLimit);
        changes.Value(path + ".initial_limit", BundleDiff.Text(before.InitialLimit), BundleDiff.Text(after.InitialLimit));
        changes.Number(path + ".latency_tolerance", before.LatencyTolerance, after.LatencyTolerance);
        changes.Value(path + ".priority", Describe(before.Priority), Describe(after.Priority));
    }

    // Zero is never.
    private static TimeSpan Resets(CircuitBreakerDefinition value) => value.AutoReset == TimeSpan.Zero ? TimeSpan.MaxValue : value.AutoReset;

    private static string Describe(LoopDetectionDefinition value) =>
        $"{Word(value.Action)} from {BundleDiff.Text(value.Threshold)} {(value.Near ? "alike" : "equal")} in {BundleDiff.Text(value.WindowSeconds)} s";

    private static string Describe(CircuitBreakerDefinition value) =>
        $"opens at {BundleDiff.Text(value.ThresholdPerMinute)} a minute, resets {(value.AutoReset == TimeSpan.Zero ? "by hand" : "after " + DurationText.Format(value.AutoReset))}";

    private static string Describe(AdaptiveConcurrencyDefinition value) =>
        $"{BundleDiff.Text(value.MinLimit)} to {BundleDiff.Text(value.MaxLimit)} in flight";

    private static string? Describe(PriorityDefinition? value) =>
        value is null ? null : $"{string.Join(" > ", value.Classes)} by {value.By}, default {value.Default}";

    private static string Word(LoopAction action) => action switch
    {
        LoopAction.Throttle => "throttle",
        LoopAction.Warn => "warn",
        _ => "reject",
    };
}
