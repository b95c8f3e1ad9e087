using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Adaptive;

namespace EdgeGuard.Engine.Compile;

/// <summary>What protects a policy as a whole, beside its rules. Index of -1: not there.</summary>
internal sealed class CompiledGuards
{
    /// <summary>Index of the loop detector's limit.</summary>
    public int LoopLimit { get; init; } = -1;

    public LoopDetectionDefinition? Loop { get; init; }

    /// <summary>Limit keys of all rules, without repeats: together they are the caller that repeats itself.</summary>
    public DescriptorKey[] CallerKeys { get; init; } = [];

    public int[] CallerSlots { get; init; } = [];

    /// <summary>Index of the circuit breaker's limit.</summary>
    public int BreakerLimit { get; init; } = -1;

    public CircuitBreakerDefinition? Breaker { get; init; }

    /// <summary>First limit key of the first rule that has one: each of its values has a breaker of its own.</summary>
    public DescriptorKey? BreakerKey { get; init; }

    public int BreakerSlot { get; init; } = -1;

    /// <summary>The rule whose cost is what a request spends, or -1 for one unit each.</summary>
    public int BreakerRule { get; init; } = -1;

    /// <summary>Index of the adaptive limiter's limit.</summary>
    public int AdaptiveLimit { get; init; } = -1;

    public AdaptiveConcurrencyDefinition? Adaptive { get; init; }

    public PriorityClasses? Classes { get; init; }
}
