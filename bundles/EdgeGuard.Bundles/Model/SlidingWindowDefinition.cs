namespace EdgeGuard.Bundles.Model;

/// <summary><c>sliding_window</c>: at most a number of units in any window, however it is placed.</summary>
public sealed record SlidingWindowDefinition : AlgorithmDefinition
{
    public required double Limit { get; init; }

    /// <summary>From 1 second to 31 days.</summary>
    public required TimeSpan Window { get; init; }

    /// <summary>Sub-windows, 2 to 64; the oldest counts whole.</summary>
    public int Precision { get; init; } = 10;

    public CostSource Cost { get; init; } = CostSource.One;
}
