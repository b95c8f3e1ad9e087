using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Counters;

namespace EdgeGuard.Engine.Compile;

/// <summary>One rule, ready to be evaluated.</summary>
internal sealed class CompiledRule
{
    public required string Name { get; init; }

    /// <summary>Index of its policy.</summary>
    public required int Policy { get; init; }

    /// <summary>Slots of the limit keys, in the order written.</summary>
    public required int[] LimitSlots { get; init; }

    /// <summary>The limit keys themselves: part of the counter's identity.</summary>
    public required DescriptorKey[] LimitKeys { get; init; }

    public required CompiledMatch[] Match { get; init; }

    public required OnMissing OnMissing { get; init; }

    public required BucketScale Scale { get; init; }

    public required CompiledCost Cost { get; init; }

    /// <summary>Quota in whole units and seconds to refill it, as told to clients.</summary>
    public required (long Quota, int WindowSeconds) Quota { get; init; }
}
