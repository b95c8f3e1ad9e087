using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Engine.Compile;

/// <summary>One rule, ready to be evaluated.</summary>
internal sealed class CompiledRule
{
    public required string Name { get; init; }

    /// <summary>Index of its policy.</summary>
    public required int Policy { get; init; }

    /// <summary>Slots of all limit keys of all its limits.</summary>
    public required int[] LimitSlots { get; init; }

    /// <summary>Slots that must not be unverifiable: limit keys, and what chooses tier and enforcement.</summary>
    public required int[] VerifiedSlots { get; init; }

    public required CompiledMatch[] Match { get; init; }

    public required OnMissing OnMissing { get; init; }

    /// <summary>Index of its first limit.</summary>
    public required int FirstLimit { get; init; }

    /// <summary>
    /// With tiers the index of the first limit of each plan, and then the end: plans may differ in how many they have, since one may name a
    /// budget for the day that another does not. Without tiers the two of the only set.
    /// </summary>
    public required int[] PlanStarts { get; init; }

    /// <summary>Index of the first limit on trial.</summary>
    public int FirstTrial { get; init; }

    /// <summary>How many limits are on trial beside the live ones; 0 for none.</summary>
    public int TrialCount { get; init; }

    public CompiledTiers? Tiers { get; init; }

    public CompiledEnforcement? Enforcement { get; init; }

    /// <summary>Whether none of tiers, enforcement, trial and tokens of a body have to be looked at.</summary>
    public required bool IsPlain { get; init; }
}
