namespace EdgeGuard.Contracts;

/// <summary>A key that was made just now. The value is shown once: only its SHA-256 is kept.</summary>
/// <param name="Value">The key itself.</param>
/// <param name="Key">What is known of it from now on.</param>
/// <param name="PreviousExpiresAt">Until when the key that it replaces stays valid; null when it replaces none.</param>
public sealed record NewApiKey(string Value, ApiKeyInfo Key, DateTimeOffset? PreviousExpiresAt);
