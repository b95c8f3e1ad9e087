namespace EdgeGuard.Bundles.Model;

/// <summary>What a level may take beyond its own quota out of what the level above has left.</summary>
/// <param name="MaxPercent">Most that may be borrowed, as a share of the level's own quota; 0 to 1000.</param>
/// <param name="KeepPercent">Share of the quota above that is never lent; 0 to 100.</param>
public sealed record BorrowDefinition(double MaxPercent, double KeepPercent);
