using EdgeGuard.ControlPlane.Data;

namespace EdgeGuard.ControlPlane.ApiKeys;

/// <summary>A key that was made just now, the only moment at which its value is there.</summary>
internal sealed record MadeApiKey(string Value, ApiKeyRow Row, DateTimeOffset? PreviousExpiresAt);
