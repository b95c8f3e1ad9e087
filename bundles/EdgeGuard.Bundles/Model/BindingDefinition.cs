namespace EdgeGuard.Bundles.Model;

/// <summary>How an issuer's tokens are bound to their holder.</summary>
public sealed record BindingDefinition
{
    /// <summary>Accepted proofs; at least one.</summary>
    public required BindingKinds Kinds { get; init; }

    /// <summary>Whether a token without any binding is refused.</summary>
    public bool Required { get; init; } = true;

    /// <summary>Oldest DPoP proof accepted.</summary>
    public TimeSpan DpopMaxAge { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether a nonce of this edge is demanded in DPoP proofs.</summary>
    public bool DpopNonce { get; init; }

    /// <summary>Claim that holds the SHA-256 of the device fingerprint, base64url.</summary>
    public string FingerprintClaim { get; init; } = "fph";

    /// <summary>Header that the fingerprint comes in, lower case.</summary>
    public string FingerprintHeader { get; init; } = "x-device-fingerprint";
}
