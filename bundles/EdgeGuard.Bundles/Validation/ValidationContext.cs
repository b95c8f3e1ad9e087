using System.Collections.Immutable;

namespace EdgeGuard.Bundles.Validation;

/// <summary>
/// What the reader of a bundle knows beside its text. Null means unknown (CLI, control plane): checks that need it are left to the edge.
/// </summary>
public sealed record ValidationContext
{
    /// <summary>Options say <c>jwt_verification: off</c>; allows <c>jwt:</c> keys without an issuer.</summary>
    public bool JwtVerificationOff { get; init; }

    /// <summary>A document without <c>format</c> may be read as the peer's.</summary>
    public bool AcceptPeerDialect { get; init; } = true;

    /// <summary>Whether the decision door is open and has trusted proxies: <c>ip:</c> limits need them there. Null when unknown.</summary>
    public bool? DecisionDoorWithoutTrustedProxies { get; init; }

    /// <summary>Whether nobody is trusted to tell of a client, so that headers which count from trusted proxies only never do. Null when unknown.</summary>
    public bool? WithoutTrustedProxies { get; init; }

    /// <summary>Clusters that exist in the options, or null when unknown.</summary>
    public ImmutableHashSet<string>? Clusters { get; init; }

    /// <summary>Hosts that key sets may be fetched from, or null when unknown.</summary>
    public ImmutableHashSet<string>? FetchHosts { get; init; }

    /// <summary>Environment names that <c>${env:}</c> may name, or null when unknown.</summary>
    public ImmutableHashSet<string>? ReferenceEnvironment { get; init; }

    /// <summary>Path prefixes that <c>${file:}</c> and <c>jwks_file</c> may name, or null when unknown.</summary>
    public ImmutableHashSet<string>? ReferenceFiles { get; init; }

    /// <summary>What is not known is not checked.</summary>
    public static ValidationContext Unknown { get; } = new();
}
