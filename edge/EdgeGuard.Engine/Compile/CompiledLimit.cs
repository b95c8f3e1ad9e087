using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Decide;

namespace EdgeGuard.Engine.Compile;

/// <summary>One counter of a rule: most rules have one, a hierarchy one a level, an LLM rule one a minute and one a day.</summary>
internal sealed class CompiledLimit
{
    public required LimitKind Kind { get; init; }

    /// <summary>What it belongs to.</summary>
    public required LimitOwner Owner { get; init; }

    /// <summary>Index of its rule, or -1 for a guard of the policy.</summary>
    public int Rule => Owner.Rule;

    /// <summary>Index of its policy.</summary>
    public int Policy => Owner.Policy;

    /// <summary>Name within its rule (a level, <c>tpm</c>, <c>tpd</c>, a guard), or empty.</summary>
    public string Name => Owner.Name;

    /// <summary>Place among the limits of its rule: part of the counter's identity.</summary>
    public int Role => Owner.Role;

    /// <summary>
    /// Which of a rule's sets of numbers it is: a plan or the trial; empty for the only one and for the default plan. Not part of a counter's
    /// identity, since plans share their counters, but of the history of its numbers: those of a plan are never the predecessors of another's.
    /// </summary>
    public string Variant => Owner.Variant;

    /// <summary>Slots of the limit keys, in the order written.</summary>
    public required int[] Slots { get; init; }

    /// <summary>The limit keys themselves: part of the counter's identity.</summary>
    public required DescriptorKey[] Keys { get; init; }

    /// <summary>Why it refuses.</summary>
    public required Reason Reason { get; init; }

    public CompiledCost Cost { get; init; }

    /// <summary>Units of a token bucket.</summary>
    public BucketScale Scale { get; init; }

    /// <summary>The quota in the limit's own units: burst, budget, or number in flight.</summary>
    public required ulong Own { get; init; }

    /// <summary>What may be in use in all: the quota and what may be borrowed.</summary>
    public required ulong Capacity { get; init; }

    /// <summary>Of the level above: what has to be left there after a request that borrows, as a share from 0 to 1.</summary>
    public double KeepAbove { get; init; }

    /// <summary>The calendar of a budget or the length of a sliding window.</summary>
    public BudgetWindow? Window { get; init; }

    /// <summary>Parts of a sliding window; 0 otherwise.</summary>
    public int Parts { get; init; }

    /// <summary>Actions of a budget before it is used up, or none.</summary>
    public CompiledActions? Actions { get; init; }

    /// <summary>Of an LLM rule: what it reserves and what actual usage counts, by the numbers of this plan or trial. Null otherwise.</summary>
    public CompiledLlm? Llm { get; init; }

    /// <summary>Of an LLM rule: units in one of the amounts that it reserves and settles.</summary>
    public ulong UnitsPerAmount { get; init; } = 1;

    /// <summary>Of a fleet-wide budget: how it is handed out. Null otherwise.</summary>
    public LeaseDefinition? Lease { get; init; }

    /// <summary>How long a door that does not see the end of a request keeps a slot.</summary>
    public TimeSpan MaxHold { get; init; }

    /// <summary>Whether a request that took from it has something to tell at its end.</summary>
    public bool NeedsEnding { get; init; }

    /// <summary>Quota in whole units and seconds to refill it, as told to clients.</summary>
    public required (long Quota, int WindowSeconds) Told { get; init; }

    /// <summary>Units in a token of the limit.</summary>
    public required ulong UnitsPerToken
    {
        get;
        init
        {
            field = value;
            PerToken = new ExactDivisor(value);
        }
    }

    /// <summary>Divides by <see cref="UnitsPerToken"/>.</summary>
    public ExactDivisor PerToken { get; private init; }
}
