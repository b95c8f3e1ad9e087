using System.Collections.Immutable;

namespace EdgeGuard.Edge.Leases;

/// <summary>
/// What the file <c>leases</c> holds. Grants and returns are not in it: they are in the counters, beside what was spent. A memory without counters that
/// belong to it is of no use, and the edge begins as another holder.
/// </summary>
internal sealed record LeaseMemory
{
    /// <summary>Whose the counters are.</summary>
    public required string Holder { get; init; }

    /// <summary>Secret that keys are hashed with, base64url; empty before the first exchange.</summary>
    public string Salt { get; init; } = string.Empty;

    /// <summary>Lineage of the control plane that the leases are of.</summary>
    public string Issuer { get; init; } = string.Empty;

    /// <summary>Highest epoch of a lease document that was taken in.</summary>
    public long Epoch { get; init; }

    /// <summary>What the counters are marked with, or are about to be.</summary>
    public long Stamp { get; init; }

    /// <summary>What they are marked with until then.</summary>
    public long StampBefore { get; init; }

    /// <summary>Boot, device, inode and birth of the file of counters; empty when they are in memory.</summary>
    public string Counters { get; init; } = string.Empty;

    /// <summary>Standing shares by budget.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<LeaseShare>> Shares { get; init; } = ImmutableSortedDictionary<string, ImmutableArray<LeaseShare>>.Empty;
}
