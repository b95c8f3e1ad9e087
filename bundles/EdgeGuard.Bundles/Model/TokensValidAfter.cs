namespace EdgeGuard.Bundles.Model;

/// <summary>Everything issued to someone before a time is void.</summary>
/// <param name="Kind">Whom it is about.</param>
/// <param name="Value">Which one.</param>
/// <param name="Time">Credentials issued before it are refused, and those that do not say when they were.</param>
public sealed record TokensValidAfter(RevokedKind Kind, string Value, DateTimeOffset Time);
