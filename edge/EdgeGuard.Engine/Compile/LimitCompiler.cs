using System.Collections.Immutable;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Decide;

namespace EdgeGuard.Engine.Compile;

/// <summary>Makes the limits of a rule of its algorithm.</summary>
internal sealed class LimitCompiler(SlotTable slots, List<CompiledLimit> limits)
{
    /// <summary>How many bursts an LLM bucket may owe: usage that was not foreseen is charged even when nothing is left.</summary>
    public const double LlmDebtBursts = 64;

    private const int SecondsPerMinute = 60;

    private static readonly BudgetWindow UtcDay = new() { Period = BudgetPeriod.Day };

    // Most rules of a large bundle share a few pairs of numbers, and exact arithmetic is slow.
    private readonly Dictionary<(double Rate, double Burst, double Debt, int Seconds, bool WholeTokens), BucketScale> _scales = [];

    /// <summary>What the requests of the policy that is being compiled cost at their provider; null when that is not known.</summary>
    public CompiledLlm? ModelCost { get; set; }

    /// <summary>Whether <see cref="ModelCost"/> is money.</summary>
    public bool CostsMoney { get; set; }

    /// <summary>How the budget of the rule that is being compiled is shared by a fleet; null for limits that each edge counts by itself.</summary>
    public LeaseDefinition? Lease { get; set; }

    /// <summary>Adds the limits of an algorithm and returns how many they are.</summary>
    /// <param name="owner">What they belong to.</param>
    /// <param name="algorithm">The algorithm.</param>
    /// <param name="keys">Limit keys of the rule; a hierarchy's levels have their own.</param>
    public int Add(LimitOwner owner, AlgorithmDefinition algorithm, ImmutableArray<DescriptorKey> keys)
    {
        var first = limits.Count;
        switch (algorithm)
        {
            case HierarchyDefinition hierarchy:
                for (var i = 0; i < hierarchy.Levels.Length; i++)
                {
                    var level = hierarchy.Levels[i];
                    limits.Add(Single(owner with { Name = level.Name, Role = i }, level.Algorithm, level.LimitKeys, level.Borrow));
                }

                break;
            case TokenBucketLlmDefinition llm:
                var tokens = Tokens(llm);
                limits.Add(Minute(owner with { Name = "tpm" }, llm, keys, tokens));
                if (llm.TokensPerDay is { } day)
                {
                    limits.Add(Budget(
                        owner with { Name = "tpd", Role = 1 }, keys, day, day, UtcDay, CostSource.One, null, Reason.TpdExceeded, tokens));
                }

                break;
            default:
                limits.Add(Single(owner, algorithm, keys, borrow: null));
                break;
        }

        return limits.Count - first;
    }

    private CompiledLimit Single(
        LimitOwner owner, AlgorithmDefinition algorithm, ImmutableArray<DescriptorKey> keys, BorrowDefinition? borrow) => algorithm switch
        {
            TokenBucketDefinition bucket => Bucket(owner, bucket, keys, borrow),
            CostBasedDefinition budget => Budget(owner, budget, keys, borrow),
            SlidingWindowDefinition window => Sliding(owner, window, keys, borrow),
            ConcurrencyDefinition concurrency => Concurrency(owner, concurrency, keys),
            _ => throw new ArgumentException($"No limiter for {algorithm.GetType().Name}; the reader refuses it.", nameof(algorithm)),
        };

    private CompiledLimit Bucket(LimitOwner owner, TokenBucketDefinition bucket, ImmutableArray<DescriptorKey> keys, BorrowDefinition? borrow)
    {
        var debt = bucket.Burst * (1 + (borrow?.MaxPercent ?? 0) / 100);
        var scale = ScaleOf(bucket.TokensPerSecond, bucket.Burst, debt);
        return new CompiledLimit
        {
            Kind = LimitKind.TokenBucket,
            Owner = owner,
            Slots = slots.Of(keys),
            Keys = [.. keys],
            Reason = Reason.TokenBucketExceeded,
            Scale = scale,
            UnitsPerToken = scale.UnitsPerToken,
            Own = scale.Burst,
            Capacity = borrow is null ? scale.Burst : scale.Debt,
            KeepAbove = Keep(borrow),
            Cost = new CompiledCost(bucket.Cost, slots.Of(bucket.Cost.Key), scale.UnitsPerToken, scale.TimeShift > 0),
            Told = (Whole(bucket.Burst), Seconds(bucket.Burst / bucket.TokensPerSecond)),
        };
    }

    private CompiledLimit Minute(LimitOwner owner, TokenBucketLlmDefinition llm, ImmutableArray<DescriptorKey> keys, CompiledLlm tokens)
    {
        var scale = ScaleOf(llm.TokensPerMinute, llm.BurstTokens, llm.BurstTokens * LlmDebtBursts, SecondsPerMinute, wholeTokens: true);
        return new CompiledLimit
        {
            Kind = LimitKind.TokenBucket,
            Owner = owner,
            Slots = slots.Of(keys),
            Keys = [.. keys],
            Reason = Reason.TpmExceeded,
            Scale = scale,
            UnitsPerToken = scale.UnitsPerToken,
            Own = scale.Burst,
            Capacity = scale.Burst,
            Cost = new CompiledCost(CostSource.One, -1, scale.UnitsPerToken, scale.TimeShift > 0),
            Llm = tokens,
            UnitsPerAmount = scale.UnitsPerToken,
            NeedsEnding = true,
            Told = (Whole(llm.BurstTokens), Seconds(llm.BurstTokens * SecondsPerMinute / llm.TokensPerMinute)),
        };
    }

    private CompiledLlm Tokens(TokenBucketLlmDefinition llm) => new(llm)
    {
        HintSlot = llm.Estimator == TokenEstimator.HeaderHint
            ? slots.Of(new DescriptorKey(DescriptorKind.TrustedHeader, "x-token-estimate"))
            : -1,
    };

    private CompiledLimit Budget(LimitOwner owner, CostBasedDefinition budget, ImmutableArray<DescriptorKey> keys, BorrowDefinition? borrow)
    {
        var actions = CompiledActions.Compile(budget.Actions, Micro(budget.Budget), out var effective);
        var models = budget.CountsLlmCost ? ModelCost : null;
        return Budget(
            owner, keys, budget.Budget, (double)effective / WindowLimit.UnitsPerToken, budget.Window, budget.Cost, actions, Reason.BudgetExceeded, models, borrow,
            owner.IsTrial ? null : Lease);
    }

    private CompiledLimit Budget(
        LimitOwner owner,
        ImmutableArray<DescriptorKey> keys,
        double told,
        double effective,
        BudgetWindow window,
        CostSource cost,
        CompiledActions? actions,
        Reason reason,
        CompiledLlm? llm,
        BorrowDefinition? borrow = null,
        LeaseDefinition? lease = null) => new()
        {
            Kind = LimitKind.Budget,
            Lease = lease,
            Owner = owner,
            Slots = slots.Of(keys),
            Keys = [.. keys],
            Reason = reason,
            UnitsPerToken = WindowLimit.UnitsPerToken,
            Own = Micro(effective),
            Capacity = Micro(effective * (1 + (borrow?.MaxPercent ?? 0) / 100)),
            KeepAbove = Keep(borrow),
            Window = window,
            Actions = actions,
            Cost = new CompiledCost(cost, slots.Of(cost.Key), UnitsOf(llm)),
            Llm = llm,
            UnitsPerAmount = UnitsOf(llm),
            NeedsEnding = llm is not null,
            Told = (Whole(told), WindowSeconds(window)),
        };

    private CompiledLimit Sliding(LimitOwner owner, SlidingWindowDefinition window, ImmutableArray<DescriptorKey> keys, BorrowDefinition? borrow) => new()
    {
        Kind = LimitKind.SlidingWindow,
        Owner = owner,
        Slots = slots.Of(keys),
        Keys = [.. keys],
        Reason = Reason.SlidingWindowExceeded,
        UnitsPerToken = WindowLimit.UnitsPerToken,
        Own = Micro(window.Limit),
        Capacity = Micro(window.Limit * (1 + (borrow?.MaxPercent ?? 0) / 100)),
        KeepAbove = Keep(borrow),
        Window = new BudgetWindow { Period = BudgetPeriod.Custom, Length = window.Window },
        Parts = window.Precision,
        Cost = new CompiledCost(window.Cost, slots.Of(window.Cost.Key), WindowLimit.UnitsPerToken),
        Told = (Whole(window.Limit), Seconds(window.Window.TotalSeconds)),
    };

    private CompiledLimit Concurrency(LimitOwner owner, ConcurrencyDefinition concurrency, ImmutableArray<DescriptorKey> keys) => new()
    {
        Kind = LimitKind.Concurrency,
        Owner = owner,
        Slots = slots.Of(keys),
        Keys = [.. keys],
        Reason = Reason.ConcurrencyExceeded,
        UnitsPerToken = 1,
        Own = (ulong)concurrency.Limit,
        Capacity = (ulong)concurrency.Limit,
        Cost = new CompiledCost(CostSource.One, -1, 1),
        MaxHold = concurrency.MaxHold,
        NeedsEnding = true,
        Told = (concurrency.Limit, 0),
    };

    private BucketScale ScaleOf(double rate, double burst, double debt, int seconds = 1, bool wholeTokens = false)
    {
        var numbers = (rate, burst, debt, seconds, wholeTokens);
        if (!_scales.TryGetValue(numbers, out var scale))
        {
            scale = BucketScale.Choose(rate, burst, debt, seconds, wholeTokens);
            _scales.Add(numbers, scale);
        }

        return scale;
    }

    // A millionth of the currency is a unit.
    private ulong UnitsOf(CompiledLlm? llm) => CostsMoney && llm is not null && ReferenceEquals(llm, ModelCost) ? 1 : WindowLimit.UnitsPerToken;

    private static double Keep(BorrowDefinition? borrow) => borrow is null ? 0 : borrow.KeepPercent / 100;

    private static ulong Micro(double units) => (ulong)decimal.Floor((decimal)units * WindowLimit.UnitsPerToken);

    private static long Whole(double units) => (long)Math.Min(units, long.MaxValue / 2);

    private static int Seconds(double seconds) => (int)Math.Clamp(Math.Ceiling(seconds), 1, int.MaxValue);

    // Of a month and a day with a change of the clocks the usual length is told: the header has no other.
    private static int WindowSeconds(BudgetWindow window) => window.Period switch
    {
        BudgetPeriod.FiveMinutes => 300,
        BudgetPeriod.Hour => 3600,
        BudgetPeriod.Day => 86_400,
        BudgetPeriod.Week => 7 * 86_400,
        BudgetPeriod.Month => 30 * 86_400,
        _ => Seconds(window.Length.TotalSeconds),
    };
}
