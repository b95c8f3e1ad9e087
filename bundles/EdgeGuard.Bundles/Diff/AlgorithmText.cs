using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Schema;

namespace EdgeGuard.Bundles.Diff;

/// <summary>Limiters in words.</summary>
internal static class AlgorithmText
{
    /// <summary>As <c>algorithm</c> names it.</summary>
    public static string Word(AlgorithmDefinition value) => value switch
    {
        TokenBucketDefinition => "token_bucket",
        CostBasedDefinition => "cost_based",
        TokenBucketLlmDefinition => "token_bucket_llm",
        SlidingWindowDefinition => "sliding_window",
        ConcurrencyDefinition => "concurrency",
        _ => "hierarchy",
    };

    /// <summary>Its numbers, short.</summary>
    public static string Describe(AlgorithmDefinition value) => value switch
    {
        TokenBucketDefinition bucket => $"{Text(bucket.TokensPerSecond)} a second, burst {Text(bucket.Burst)}",
        CostBasedDefinition budget => $"budget {Text(budget.Budget)} each {Period(budget.Window)}",
        TokenBucketLlmDefinition llm => $"{Text(llm.TokensPerMinute)} tokens a minute{(llm.TokensPerDay is { } day ? $", {Text(day)} a day" : string.Empty)}",
        SlidingWindowDefinition window => $"{Text(window.Limit)} in any {DurationText.Format(window.Window)}",
        ConcurrencyDefinition concurrency => $"{Text(concurrency.Limit)} at once",
        HierarchyDefinition hierarchy => "levels " + string.Join(" > ", hierarchy.Levels.Select(level => level.Name)),
        _ => Word(value),
    };

    /// <summary>Keys as a list; addresses with the prefix that they are grouped by.</summary>
    public static string Keys(IEnumerable<DescriptorKey> keys) =>
        "[" + string.Join(", ", keys.Select(key => key is { Kind: DescriptorKind.IpAddress, Name.Length: > 0 } ? $"{key}/{key.Name}" : key.ToString())) + "]";

    /// <summary>The word of a period.</summary>
    public static string Period(BudgetWindow window) => window.Period switch
    {
        BudgetPeriod.FiveMinutes => "5m",
        BudgetPeriod.Hour => "1h",
        BudgetPeriod.Day => "1d",
        BudgetPeriod.Week => "7d",
        BudgetPeriod.Month => "month",
        _ => DurationText.Format(window.Length),
    };

    private static string? Text(IFormattable value) => BundleDiff.Text(value);
}
