using System.Collections.Immutable;

namespace EdgeGuard.Bundles.Model;

/// <summary>What a policy accepts as identity.</summary>
public sealed record RouteIdentityDefinition
{
    public IdentityMode Mode { get; init; }

    /// <summary>Accepted kinds.</summary>
    public CredentialKinds Kinds { get; init; } = CredentialKinds.All;

    /// <summary>Accepted issuers by id; empty for all.</summary>
    public ImmutableArray<string> Issuers { get; init; } = [];

    /// <summary>Scopes that one accepted credential must have, all of them.</summary>
    public ImmutableArray<string> Scopes { get; init; } = [];

    /// <summary>Headers that carry verified values upstream: name in lower case, and the descriptor.</summary>
    public ImmutableArray<KeyValuePair<string, DescriptorKey>> ForwardHeaders { get; init; } = [];
}
