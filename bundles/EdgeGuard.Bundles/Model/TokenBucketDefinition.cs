namespace EdgeGuard.Bundles.Model;

/// <summary><c>token_bucket</c>: starts full, refills continuously. A request takes its cost or is refused.</summary>
public sealed record TokenBucketDefinition : AlgorithmDefinition
{
    /// <summary>Refill in tokens a second, above 0.</summary>
    public required double TokensPerSecond { get; init; }

    /// <summary>Capacity in tokens, at least <see cref="TokensPerSecond"/>.</summary>
    public required double Burst { get; init; }

    public CostSource Cost { get; init; } = CostSource.One;
}
