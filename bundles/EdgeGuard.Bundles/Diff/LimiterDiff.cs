using System.Collections.Immutable;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Schema;

namespace EdgeGuard.Bundles.Diff;

/// <summary>Limiters of one rule, plan or level. What says what is counted starts new counters; a number does not.</summary>
internal sealed class LimiterDiff(ChangeList changes)
{
    public void Compare(string path, AlgorithmDefinition before, AlgorithmDefinition after)
    {
        switch (before, after)
        {
            case (TokenBucketDefinition old, TokenBucketDefinition now):
                changes.Number(path + ".tokens_per_second", old.TokensPerSecond, now.TokensPerSecond);
                changes.Number(path + ".burst", old.Burst, now.Burst);
                CompareCost(path, "cost_source", old.Cost, now.Cost);
                break;
            case (CostBasedDefinition old, CostBasedDefinition now):
                changes.Number(path + ".budget", old.Budget, now.Budget);
                CompareWindow(path, old.Window, now.Window);
                changes.Value(path + ".staged_actions", Actions(old.Actions), Actions(now.Actions), ActionsEffect(old.Actions, now.Actions));
                if (old.CountsLlmCost || now.CountsLlmCost)
                {
                    changes.Value(path + ".cost_key", CostKey(old), CostKey(now));
                    break;
                }

                CompareCost(path, "cost_key", old.Cost, now.Cost);
                break;
            case (TokenBucketLlmDefinition old, TokenBucketLlmDefinition now):
                CompareLlm(path, old, now);
                break;
            case (SlidingWindowDefinition old, SlidingWindowDefinition now):
                changes.Number(path + ".limit", old.Limit, now.Limit);
                changes.Value(path + ".window", DurationText.Format(old.Window), DurationText.Format(now.Window), Effects.ResetsCounters);
                changes.Value(path + ".precision", BundleDiff.Text(old.Precision), BundleDiff.Text(now.Precision), Effects.ResetsCounters);
                CompareCost(path, "cost_source", old.Cost, now.Cost);
                break;
            case (ConcurrencyDefinition old, ConcurrencyDefinition now):
                changes.Number(path + ".limit", old.Limit, now.Limit);
                changes.Value(
                    path + ".max_hold",
                    DurationText.Format(old.MaxHold),
                    DurationText.Format(now.MaxHold),
                    now.MaxHold > old.MaxHold ? Effects.Tightens : Effects.Loosens);
                break;
            case (HierarchyDefinition old, HierarchyDefinition now):
                changes.Each(old.Levels, now.Levels, level => level.Name, path + ".levels", new LevelDiff(changes, this));
                break;
            default:
                changes.Value(path + ".algorithm", AlgorithmText.Word(before), AlgorithmText.Word(after), Effects.ResetsCounters);
                break;
        }
    }

    private void CompareWindow(string path, BudgetWindow before, BudgetWindow after)
    {
        changes.Value(path + ".period", AlgorithmText.Period(before), AlgorithmText.Period(after), Effects.ResetsCounters);
        changes.Value(path + ".time_zone", before.TimeZone, after.TimeZone, Effects.ResetsCounters);
        if (before.Period == BudgetPeriod.Week && after.Period == BudgetPeriod.Week)
        {
            changes.Value(path + ".week_start", Day(before.WeekStart), Day(after.WeekStart), Effects.ResetsCounters);
        }
    }

    private void CompareLlm(string path, TokenBucketLlmDefinition before, TokenBucketLlmDefinition after)
    {
        changes.Number(path + ".tokens_per_minute", before.TokensPerMinute, after.TokensPerMinute);
        changes.Cap(path + ".tokens_per_day", before.TokensPerDay, after.TokensPerDay);
        changes.Number(path + ".burst_tokens", before.BurstTokens, after.BurstTokens);
        changes.Cap(path + ".max_tokens_per_request", before.MaxTokensPerRequest, after.MaxTokensPerRequest);
        changes.Cap(path + ".max_prompt_tokens", before.MaxPromptTokens, after.MaxPromptTokens);
        changes.Cap(path + ".max_completion_tokens", before.MaxCompletionTokens, after.MaxCompletionTokens);

        // What is reserved more, or weighs more, leaves less for others.
        Cost(path + ".default_max_completion", before.DefaultMaxCompletion, after.DefaultMaxCompletion);
        Cost(path + ".cached_token_weight", before.CachedTokenWeight, after.CachedTokenWeight);
        Cost(path + ".reasoning_token_weight", before.ReasoningTokenWeight, after.ReasoningTokenWeight);
        changes.Value(path + ".buffer_tokens", BundleDiff.Text(before.BufferTokens), BundleDiff.Text(after.BufferTokens));
        changes.Value(path + ".token_source.estimator", Estimator(before.Estimator), Estimator(after.Estimator));
        changes.Number(path + ".token_source.max_body_bytes", before.MaxBodyBytes, after.MaxBodyBytes);
    }

    private void CompareCost(string path, string sourceField, CostSource before, CostSource after)
    {
        changes.Value($"{path}.{sourceField}", before.Key?.ToString() ?? "fixed", after.Key?.ToString() ?? "fixed");
        if (before.Key is null && after.Key is null)
        {
            Cost(path + ".fixed_cost", before.Fixed, after.Fixed);
            return;
        }

        Cost(path + ".default_cost", before.Default, after.Default);
        Cost(path + ".min_cost", before.Min, after.Min);
    }

    private static string CostKey(CostBasedDefinition budget) => budget.CountsLlmCost ? "llm:cost" : budget.Cost.Key?.ToString() ?? "fixed";

    // A dearer request is a tighter limit.
    private void Cost(string path, double before, double after) => changes.Number(path, before, after, higherLoosens: false);

    private static string Actions(ImmutableArray<StagedAction> actions) => string.Join(", ", actions.Select(action =>
    {
        var delay = action.Action == StagedActionKind.Throttle ? $" {BundleDiff.Text(action.DelayMilliseconds)} ms" : string.Empty;
        return $"{BundleDiff.Text(action.ThresholdPercent)}% {action.Action.ToString().ToLowerInvariant()}{delay}";
    }));

    // The lowest reject is where the budget ends; warnings and delays are a matter of taste.
    private static string ActionsEffect(ImmutableArray<StagedAction> before, ImmutableArray<StagedAction> after)
    {
        var (was, now) = (End(before), End(after));
        return now > was ? Effects.Loosens : now < was ? Effects.Tightens : string.Empty;
    }

    private static double End(ImmutableArray<StagedAction> actions) =>
        actions.Where(action => action.Action == StagedActionKind.Reject).Select(action => action.ThresholdPercent).DefaultIfEmpty(100).Min();

    private static string Day(DayOfWeek day) => day.ToString().ToLowerInvariant();

    private static string Estimator(TokenEstimator value) => value switch
    {
        TokenEstimator.HeaderHint => "header_hint",
        TokenEstimator.Calibrated => "calibrated",
        _ => "simple_word",
    };
}
