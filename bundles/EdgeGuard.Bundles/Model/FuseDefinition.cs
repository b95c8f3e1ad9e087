namespace EdgeGuard.Bundles.Model;

/// <summary><c>fuse</c>: an edge goes back to the bundle before when this one refuses far more than that did.</summary>
public sealed record FuseDefinition
{
    /// <summary>How long the bundle is watched, from the moment it comes into force; 10 s to an hour.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Rise of the share of refused requests that trips the fuse, in points: 20 is from 5 % to 25 %. 1 to 100.</summary>
    public double MaxIncreasePercent { get; init; } = 20;

    /// <summary>Fewest requests that either bundle must have decided to be compared.</summary>
    public long MinRequests { get; init; } = 100;
}
