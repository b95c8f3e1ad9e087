using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Engine.Tests.Reference;

/// <summary>One limit of a rule as the books see it.</summary>
/// <param name="Role">Place in its rule.</param>
/// <param name="Kind">What counts: <c>bucket</c>, <c>windows</c> or <c>slots</c>, and what else is part of a counter's identity.</param>
/// <param name="Keys">What it is counted by.</param>
/// <param name="Numbers">Its numbers.</param>
/// <param name="Cost">What a request takes.</param>
/// <param name="Actions">Marks and delays by share of the quota.</param>
/// <param name="Borrow">What may be borrowed of the limit before it.</param>
/// <param name="Settles">Whether usage is told at the end.</param>
internal sealed record ReferenceLimit(
    int Role,
    string Kind,
    IReadOnlyList<DescriptorKey> Keys,
    ReferenceNumbers Numbers,
    decimal Cost,
    IReadOnlyList<StagedAction> Actions,
    BorrowDefinition? Borrow = null,
    bool Settles = false)
{
    private const long Second = 1_000_000_000;

    /// <summary>The limits of an algorithm.</summary>
    public static IReadOnlyList<ReferenceLimit> Of(AlgorithmDefinition algorithm, IReadOnlyList<DescriptorKey> keys) => algorithm switch
    {
        HierarchyDefinition hierarchy => [.. hierarchy.Levels.Select((level, i) =>
            One(level.Algorithm, level.LimitKeys) with { Role = i, Borrow = level.Borrow })],
        TokenBucketLlmDefinition { TokensPerDay: { } day } llm =>
        [
            Minute(llm, keys),
            new ReferenceLimit(1, "windows:86400", keys, new ReferenceNumbers((decimal)day, Window: 86_400 * Second), Completion(llm), [], Settles: true),
        ],
        TokenBucketLlmDefinition llm => [Minute(llm, keys)],
        _ => [One(algorithm, keys)],
    };

    /// <summary>A new counter of it.</summary>
    public ReferenceCounter NewCounter() => Kind.StartsWith("bucket", StringComparison.Ordinal)
        ? new ReferenceBucket(Numbers)
        : Kind.StartsWith("windows", StringComparison.Ordinal) ? new ReferenceWindows(Numbers) : new ReferenceSlots();

    private static ReferenceLimit Minute(TokenBucketLlmDefinition llm, IReadOnlyList<DescriptorKey> keys) => new(
        0, "bucket", keys, new ReferenceNumbers((decimal)llm.BurstTokens, (decimal)llm.TokensPerMinute / 60), Completion(llm), [], Settles: true);

    private static decimal Completion(TokenBucketLlmDefinition llm) => (decimal)llm.DefaultMaxCompletion;

    private static ReferenceLimit One(AlgorithmDefinition algorithm, IReadOnlyList<DescriptorKey> keys) => algorithm switch
    {
        TokenBucketDefinition bucket => new ReferenceLimit(
            0, "bucket", keys, new ReferenceNumbers((decimal)bucket.Burst, (decimal)bucket.TokensPerSecond), (decimal)bucket.Cost.Fixed, []),
        CostBasedDefinition budget => new ReferenceLimit(
            0,
            $"windows:{budget.Window.Length.TotalSeconds}",
            keys,
            new ReferenceNumbers(Effective(budget), Window: budget.Window.Length.Ticks * 100),
            (decimal)budget.Cost.Fixed,
            [.. budget.Actions.Where(action => action.Action != StagedActionKind.Reject).Select(action =>
                action with { ThresholdPercent = action.ThresholdPercent * budget.Budget / 100 })]),
        SlidingWindowDefinition window => new ReferenceLimit(
            0,
            $"windows:{window.Window.TotalSeconds}/{window.Precision}",
            keys,
            new ReferenceNumbers((decimal)window.Limit, Window: window.Window.Ticks * 100, Parts: window.Precision),
            (decimal)window.Cost.Fixed,
            []),
        ConcurrencyDefinition slots => new ReferenceLimit(0, "slots", keys, new ReferenceNumbers(slots.Limit), 1, []),
        _ => throw new ArgumentException(algorithm.GetType().Name, nameof(algorithm)),
    };

    private static decimal Effective(CostBasedDefinition budget) =>
        (decimal)budget.Budget * (decimal)budget.Actions.Where(action => action.Action == StagedActionKind.Reject).Min(action => action.ThresholdPercent) / 100;
}
