namespace EdgeGuard.Engine.Counters;

/// <summary>Whether a circuit breaker lets requests through. Persisted: never renumber.</summary>
internal enum BreakerState : byte
{
    Closed = 0,
    Open = 1,
    HalfOpen = 2,
}
