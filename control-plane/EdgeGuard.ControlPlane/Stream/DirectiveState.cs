using EdgeGuard.Contracts;

namespace EdgeGuard.ControlPlane.Stream;

/// <summary>What is in force for one organization, in memory and immutable: streams are served from it and never from the database.</summary>
internal sealed record DirectiveState
{
    public required string OrganizationId { get; init; }

    /// <summary>Identity of the database; issuer of every signed document.</summary>
    public required string Lineage { get; init; }

    /// <summary>Incarnation of the lineage.</summary>
    public required long Epoch { get; init; }

    public required KillSwitchSet KillSwitches { get; init; }

    public required DirectiveSet Revocations { get; init; }

    /// <summary>API keys by digest; sequence 0 before the first.</summary>
    public required DirectiveSet ApiKeys { get; init; }

    /// <summary>The published bundle, or null before the first.</summary>
    public BundleAnnouncement? Bundle { get; init; }

    /// <summary>The newer of each part: whoever loads late never takes anything back.</summary>
    public DirectiveState Merge(DirectiveState other) => this with
    {
        KillSwitches = other.KillSwitches.Sequence > KillSwitches.Sequence ? other.KillSwitches : KillSwitches,
        Revocations = other.Revocations.Sequence > Revocations.Sequence ? other.Revocations : Revocations,
        ApiKeys = other.ApiKeys.Sequence > ApiKeys.Sequence ? other.ApiKeys : ApiKeys,
        Bundle = (other.Bundle?.Version ?? 0) > (Bundle?.Version ?? 0) ? other.Bundle : Bundle,
    };
}
