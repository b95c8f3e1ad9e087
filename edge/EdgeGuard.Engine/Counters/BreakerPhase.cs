namespace EdgeGuard.Engine.Counters;

/// <summary>What a circuit breaker does with a request.</summary>
internal enum BreakerPhase : byte
{
    /// <summary>Closed: the request counts.</summary>
    Pass = 0,

    /// <summary>Half-open: the request is one of the few that are let through.</summary>
    Probe = 1,

    /// <summary>Open, or half-open with enough under way.</summary>
    Refuse = 2,

    /// <summary>The request's cost would reach the threshold: it is refused and the breaker opens.</summary>
    Trip = 3,
}
