using EdgeGuard.Identity.Keys;

namespace EdgeGuard.Identity.Tokens;

/// <summary>A token that was verified.</summary>
/// <param name="Authorization">The whole header value, ASCII.</param>
/// <param name="Result">What verifying it gave.</param>
/// <param name="ExpiresAt">First moment at which it is no longer valid, UTC ticks, skew included.</param>
/// <param name="Keys">Key set it was verified with, or null when verification is off; a hit counts only while that set is usable.</param>
internal sealed record CachedToken(byte[] Authorization, Credential Result, long ExpiresAt, KeySetRefresher? Keys);
