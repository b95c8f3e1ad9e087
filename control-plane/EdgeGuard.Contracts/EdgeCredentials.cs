namespace EdgeGuard.Contracts;

/// <summary>Shown once: what an edge is configured with.</summary>
/// <param name="EdgeId">The edge.</param>
/// <param name="EdgeToken"><c>egt_</c> and 43 characters; only its SHA-256 is kept.</param>
/// <param name="SigningKey"><c>kid:base64url</c> for <c>EDGEGUARD_SIGNING_KEY</c>; null when only the token was rotated.</param>
/// <param name="PreviousTokenValidUntil">Until when the token before stays valid, or null.</param>
public sealed record EdgeCredentials(string EdgeId, string EdgeToken, string? SigningKey, DateTimeOffset? PreviousTokenValidUntil);
