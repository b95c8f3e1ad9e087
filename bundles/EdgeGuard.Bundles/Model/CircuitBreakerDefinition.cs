namespace EdgeGuard.Bundles.Model;

/// <summary><c>circuit_breaker</c>: refuses everything of a policy once the spend rate is too high.</summary>
public sealed record CircuitBreakerDefinition
{
    /// <summary>Cost a minute at which it opens, above 0.</summary>
    public required double ThresholdPerMinute { get; init; }

    /// <summary>When it turns half-open; zero stays open until it is reset by hand.</summary>
    public TimeSpan AutoReset { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Requests let through while half-open.</summary>
    public int HalfOpenRequests { get; init; } = 5;

    /// <summary>429 or 503.</summary>
    public int Status { get; init; } = 429;

    /// <summary>Whether opening raises an alert.</summary>
    public bool Alert { get; init; }
}
