namespace EdgeGuard.Contracts;

/// <summary>An API key to make.</summary>
/// <param name="Kind"><c>secret</c> or <c>publishable</c>.</param>
/// <param name="Organization">Whom it belongs to: descriptor <c>key:org</c>.</param>
/// <param name="Environment"><c>live</c> (default) or <c>test</c>.</param>
/// <param name="Plan">Commercial plan, or null.</param>
/// <param name="Scopes">What it may do, or null for nothing.</param>
/// <param name="AllowedOrigins">Origins that may use a publishable key; required for one, not allowed for a secret one.</param>
/// <param name="AllowedMethods">Methods it may use; null for the default of its kind.</param>
/// <param name="AllowedPaths">Path prefixes it may use; null for any.</param>
/// <param name="NotBefore">From when it is valid; null for at once.</param>
/// <param name="ExpiresAt">From when it is no longer valid; null for never.</param>
public sealed record CreateApiKey(
    string Kind,
    string Organization,
    string? Environment,
    string? Plan,
    IReadOnlyList<string>? Scopes,
    IReadOnlyList<string>? AllowedOrigins,
    IReadOnlyList<string>? AllowedMethods,
    IReadOnlyList<string>? AllowedPaths,
    DateTimeOffset? NotBefore,
    DateTimeOffset? ExpiresAt);
