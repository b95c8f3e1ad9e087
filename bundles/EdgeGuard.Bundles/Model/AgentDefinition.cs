using System.Collections.Immutable;

namespace EdgeGuard.Bundles.Model;

/// <summary>A registered agent and how it proves itself.</summary>
public sealed record AgentDefinition
{
    /// <summary>Unique.</summary>
    public required string Id { get; init; }

    public required AgentScheme Scheme { get; init; }

    /// <summary><c>ed25519</c>, <c>ecdsa-p256-sha256</c> or <c>hmac-sha256</c>; bound to the key's type.</summary>
    public required string Algorithm { get; init; }

    /// <summary>Public key, PEM or JWK; null with HMAC or a key directory.</summary>
    public string? PublicKey { get; init; }

    /// <summary>Key directory of the Web Bot Auth profile, or null.</summary>
    public string? KeyDirectory { get; init; }

    /// <summary>Shared secret of HMAC, by reference until the edge has resolved it; or null.</summary>
    public string? Secret { get; init; }

    /// <summary>What the signature must cover.</summary>
    public ImmutableArray<string> RequiredComponents { get; init; } = ["@method", "@authority", "@path"];

    /// <summary>Oldest signature accepted; nonces are remembered that long.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Whom it belongs to, or null.</summary>
    public string? Organization { get; init; }

    /// <summary>What it may do.</summary>
    public ImmutableArray<string> Scopes { get; init; } = [];
}
