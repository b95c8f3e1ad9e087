using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Adaptive;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Decide;

namespace EdgeGuard.Engine.Compile;

/// <summary>Compiles what protects a policy as a whole.</summary>
internal sealed class GuardCompiler(SlotTable slots, List<CompiledLimit> limits, List<CompiledRule> rules)
{
    /// <summary>Name of the loop detector in explanations.</summary>
    public const string Loop = "loop_detection";

    /// <summary>Name of the circuit breaker in explanations.</summary>
    public const string Breaker = "circuit_breaker";

    /// <summary>Name of the adaptive limiter in explanations.</summary>
    public const string Adaptive = "adaptive_concurrency";

    private const int NoRule = -1;
    private const int SecondsPerMinute = 60;

    /// <summary>The guards of a policy whose rules are compiled, or null when it has none.</summary>
    public CompiledGuards? Compile(PolicyDefinition policy, int index, int firstRule, int ruleCount)
    {
        if (policy.LoopDetection is null && policy.CircuitBreaker is null && policy.AdaptiveConcurrency is null)
        {
            return null;
        }

        var (callerKeys, callerSlots) = Caller(firstRule);
        var breakerKey = FirstKey(policy);
        return new CompiledGuards
        {
            Loop = policy.LoopDetection,
            LoopLimit = policy.LoopDetection is { } loop
                ? Add(index, LimitKind.Loop, Loop, Reason.LoopDetected, (ulong)loop.Threshold - 1, callerKeys, callerSlots, loop.WindowSeconds)
                : -1,
            CallerKeys = callerKeys,
            CallerSlots = callerSlots,
            Breaker = policy.CircuitBreaker,
            BreakerLimit = policy.CircuitBreaker is { } breaker ? AddBreaker(policy, index, breaker, breakerKey) : -1,
            BreakerKey = breakerKey,
            BreakerSlot = slots.Of(breakerKey),
            BreakerRule = ruleCount > 0 ? firstRule : -1,
            Adaptive = policy.AdaptiveConcurrency,
            AdaptiveLimit = policy.AdaptiveConcurrency is { } adaptive
                ? Add(index, LimitKind.Adaptive, Adaptive, Reason.OverloadShed, (ulong)adaptive.MaxLimit, [], [], 0, needsEnding: true)
                : -1,
            Classes = policy.AdaptiveConcurrency is { } shed
                ? new PriorityClasses(shed.Priority, slots.Of(shed.Priority?.By))
                : null,
        };
    }

    private int Add(
        int policy, LimitKind kind, string name, Reason reason, ulong own, DescriptorKey[] keys, int[] keySlots, int window, bool needsEnding = false)
    {
        limits.Add(new CompiledLimit
        {
            Kind = kind,
            Owner = new LimitOwner(policy, NoRule, name, Role: 0),
            Slots = keySlots,
            Keys = keys,
            Reason = reason,
            UnitsPerToken = 1,
            Own = own,
            Capacity = own,
            NeedsEnding = needsEnding,
            Told = ((long)own, window),
        });
        return limits.Count - 1;
    }

    private int AddBreaker(PolicyDefinition policy, int index, CircuitBreakerDefinition breaker, DescriptorKey? key)
    {
        var threshold = (ulong)Math.Ceiling(breaker.ThresholdPerMinute * WindowLimit.UnitsPerToken);
        var cost = policy.Rules.IsEmpty ? CostSource.One : CostOf(policy.Rules[0].Algorithm);
        limits.Add(new CompiledLimit
        {
            Kind = LimitKind.Breaker,
            Owner = new LimitOwner(index, NoRule, Breaker, Role: 0),
            Slots = key is null ? [] : [slots.Of(key)],
            Keys = key is { } known ? [known] : [],
            Reason = Reason.CircuitBreakerOpen,
            UnitsPerToken = WindowLimit.UnitsPerToken,
            Own = threshold - 1,
            Capacity = threshold - 1,
            Cost = new CompiledCost(cost, slots.Of(cost.Key), WindowLimit.UnitsPerToken),
            NeedsEnding = true,
            Told = ((long)breaker.ThresholdPerMinute, SecondsPerMinute),
        });
        return limits.Count - 1;
    }

    private static CostSource CostOf(AlgorithmDefinition algorithm) => algorithm switch
    {
        TokenBucketDefinition bucket => bucket.Cost,
        CostBasedDefinition budget => budget.Cost,
        SlidingWindowDefinition window => window.Cost,
        HierarchyDefinition hierarchy => CostOf(hierarchy.Levels[0].Algorithm),
        _ => CostSource.One,
    };

    private static DescriptorKey? FirstKey(PolicyDefinition policy)
    {
        foreach (var rule in policy.Rules)
        {
            if (!rule.LimitKeys.IsEmpty)
            {
                return rule.LimitKeys[0];
            }
        }

        return null;
    }

    private (DescriptorKey[] Keys, int[] Slots) Caller(int firstRule)
    {
        var seen = new List<int>();
        for (var i = firstRule; i < rules.Count; i++)
        {
            foreach (var slot in rules[i].LimitSlots)
            {
                if (!seen.Contains(slot))
                {
                    seen.Add(slot);
                }
            }
        }

        var keys = new DescriptorKey[seen.Count];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = slots.KeyOf(seen[i]);
        }

        return (keys, [.. seen]);
    }
}
