namespace EdgeGuard.Contracts;

/// <summary>A new key in the place of another.</summary>
/// <param name="OverlapSeconds">How long the present one stays valid: 0 to 7 776 000 (90 days), 86 400 by default.</param>
public sealed record RotateApiKey(int? OverlapSeconds);
