namespace EdgeGuard.Options;

/// <summary>How throttled requests are delayed (<c>throttle.*</c>, <c>decision.throttle</c>).</summary>
public sealed record ThrottleOptions
{
    /// <summary>Requests that may wait at a time; further ones are refused with <c>overload_shed</c>.</summary>
    public long MaxWaiting { get; init; } = 10_000;

    /// <summary>Whether a decision door holds a throttled request instead of telling its gateway the delay.</summary>
    public bool HoldDecisions { get; init; }
}
