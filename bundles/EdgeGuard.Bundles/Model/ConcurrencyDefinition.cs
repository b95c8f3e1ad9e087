namespace EdgeGuard.Bundles.Model;

/// <summary><c>concurrency</c>: requests in flight at once.</summary>
public sealed record ConcurrencyDefinition : AlgorithmDefinition
{
    /// <summary>Most in flight, 1 to 1 000 000.</summary>
    public required int Limit { get; init; }

    /// <summary>When a door that does not see the end of a request gives its slot back.</summary>
    public TimeSpan MaxHold { get; init; } = TimeSpan.FromMinutes(10);
}
