namespace EdgeGuard.Contracts;

/// <summary>A new token for an edge.</summary>
/// <param name="OverlapSeconds">How long the present one stays valid: 0 to 604 800, 3 600 by default.</param>
public sealed record RotateToken(int? OverlapSeconds);
