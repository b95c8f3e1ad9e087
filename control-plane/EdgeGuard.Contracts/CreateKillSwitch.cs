namespace EdgeGuard.Contracts;

/// <summary>A kill switch to activate.</summary>
/// <param name="ScopeKey">Descriptor, for example <c>jwt:org</c> or <c>header:x-api-key</c>.</param>
/// <param name="ScopeValue">The value to refuse.</param>
/// <param name="Route">Path it is limited to, or null.</param>
/// <param name="Reason">Why; required.</param>
/// <param name="ExpiresAt">When it ends by itself, or null.</param>
/// <param name="Status">403, 429 (default) or 503.</param>
/// <param name="Id">Chosen id, or null for a generated one.</param>
public sealed record CreateKillSwitch(
    string ScopeKey, string ScopeValue, string? Route, string Reason, DateTimeOffset? ExpiresAt, int? Status, string? Id);
