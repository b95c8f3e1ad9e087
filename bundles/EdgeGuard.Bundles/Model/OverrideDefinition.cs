namespace EdgeGuard.Bundles.Model;

/// <summary><c>global_shadow</c> or <c>kill_switch_override</c>: in force while enabled and not expired.</summary>
/// <param name="Enabled">Whether it applies at all.</param>
/// <param name="Reason">Why, at most 256 characters; required when enabled.</param>
/// <param name="ExpiresAt">Until when; required when enabled.</param>
public sealed record OverrideDefinition(bool Enabled, string Reason, DateTimeOffset? ExpiresAt);
