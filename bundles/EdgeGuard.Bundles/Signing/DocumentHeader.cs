namespace EdgeGuard.Bundles.Signing;

/// <summary>The protected header of a signed document.</summary>
/// <param name="Type">What it is (<c>typ</c>).</param>
/// <param name="KeyId">Which key signed it (<c>kid</c>).</param>
/// <param name="Audience">For whom: edge id, or the site (<c>aud</c>).</param>
/// <param name="Issuer">Lineage of the control plane, or the site (<c>iss</c>).</param>
/// <param name="Epoch">Incarnation of the lineage; at least 0.</param>
/// <param name="Sequence">Rises within an epoch; at least 1.</param>
/// <param name="IssuedAt">When it was signed, whole seconds (<c>iat</c>).</param>
/// <param name="ExpiresAt">From when on it is refused, whole seconds, or null (<c>exp</c>).</param>
public sealed record DocumentHeader(
    DocumentType Type,
    string KeyId,
    string Audience,
    string Issuer,
    long Epoch,
    long Sequence,
    DateTimeOffset IssuedAt,
    DateTimeOffset? ExpiresAt);
