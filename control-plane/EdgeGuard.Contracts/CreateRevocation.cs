namespace EdgeGuard.Contracts;

/// <summary>A revocation to put in force.</summary>
/// <param name="Kind"><c>organization</c>, <c>subject</c> or <c>key</c>: everything issued to it before <paramref name="Time"/>; or <c>token</c>: one token.</param>
/// <param name="Value">Which one: the organization, the subject, the id of the key, or the token's <c>jti</c>.</param>
/// <param name="Time">What was issued before it is void; null for now. Not for a token.</param>
/// <param name="Reason">Why; required.</param>
/// <param name="ExpiresAt">When it may be forgotten, because what it voids has expired by itself; null for never.</param>
public sealed record CreateRevocation(string Kind, string Value, DateTimeOffset? Time, string Reason, DateTimeOffset? ExpiresAt);
