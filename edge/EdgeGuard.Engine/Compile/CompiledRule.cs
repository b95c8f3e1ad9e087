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

    /// <summary>How many limits it has; with tiers, so many follow each other for each plan.</summary>
    public required int LimitCount { get; init; }

    /// <summary>Index of the first limit on trial.</summary>
    public int FirstTrial { get; init; }

    /// <summary>How many limits are on trial beside the live ones; 0 for none.</summary>
    public int TrialCount { get; init; }

    public CompiledTiers? Tiers { get; init; }

    public CompiledEnforcement? Enforcement { get; init; }

    public CompiledLlm? Llm { get; init; }

    /// <summary>The trial's numbers of an LLM rule.</summary>
    public CompiledLlm? TrialLlm { get; init; }

    /// <summary>Whether none of tiers, enforcement, trial and tokens of a body have to be looked at.</summary>
    public required bool IsPlain { get; init; }
}
