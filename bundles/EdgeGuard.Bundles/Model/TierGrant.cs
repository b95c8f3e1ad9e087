namespace EdgeGuard.Bundles.Model;

/// <summary>Another tier for one caller until a time.</summary>
/// <param name="Value">Value of the tier's <see cref="TiersDefinition.For"/> descriptor.</param>
/// <param name="Tier">Plan that holds meanwhile.</param>
/// <param name="ExpiresAt">When it ends by itself.</param>
/// <param name="Reason">Why, for people.</param>
public sealed record TierGrant(string Value, string Tier, DateTimeOffset ExpiresAt, string Reason);
