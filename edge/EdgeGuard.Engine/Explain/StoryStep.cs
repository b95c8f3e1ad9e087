using System.Collections.Immutable;

namespace EdgeGuard.Engine.Explain;

/// <summary>One rule or limit that was considered.</summary>
public sealed record StoryStep
{
    /// <summary>Place in the order, from 1.</summary>
    public required int Number { get; init; }

    public required string Policy { get; init; }

    /// <summary>Null for a guard of the policy as a whole, such as loop detection.</summary>
    public required string? Rule { get; init; }

    /// <summary>Which limit of the rule, when it has several; null otherwise.</summary>
    public string? LimitName { get; init; }

    /// <summary>Whether its verdict counts for nothing.</summary>
    public required bool Shadow { get; init; }

    /// <summary><c>allowed</c>, <c>denied</c>, <c>not_matched</c>, <c>missing_skipped</c>, <c>missing_denied</c>, <c>unverifiable</c>, ...</summary>
    public required string Outcome { get; init; }

    /// <summary>In words, never with a descriptor's value.</summary>
    public required string Why { get; init; }

    public required ImmutableArray<StoryDescriptor> Descriptors { get; init; }

    /// <summary>What the limit holds when nothing was taken; null for a step without numbers.</summary>
    public decimal? Limit { get; init; }

    public decimal? Before { get; init; }

    public decimal? After { get; init; }

    /// <summary>Of a fleet-wide budget what this edge holds of it; null otherwise.</summary>
    public StoryLease? Lease { get; init; }

    public int? WaitSeconds { get; init; }

    /// <summary>Keyed name of the counter, in part: the same for the same counter, for one process. Null when none was read.</summary>
    public string? Counter { get; init; }
}
