using EdgeGuard.Engine.Adaptive;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Leases;

namespace EdgeGuard.Engine.Compile;

/// <summary>A limit in one table. Fields, so that the hot path can pass them on by reference.</summary>
internal struct LimitBinding
{
    /// <summary>Hash state after everything of the key that does not come from the request.</summary>
    public CounterHash Prefix;

    /// <summary>What it counts.</summary>
    public LimitKind Kind;

    /// <summary>Numbers of a token bucket.</summary>
    public BucketLimit Bucket;

    /// <summary>Numbers of a budget or sliding window; null otherwise.</summary>
    public WindowLimit? Window;

    /// <summary>Requests in flight; null otherwise.</summary>
    public ConcurrencyLimit? Concurrency;

    /// <summary>A loop detector; null otherwise.</summary>
    public LoopLimit? Loop;

    /// <summary>A circuit breaker; null otherwise.</summary>
    public BreakerLimit? Breaker;

    /// <summary>An adaptive limiter; null otherwise.</summary>
    public AdaptiveLimiter? Adaptive;

    /// <summary>A fleet-wide budget; null otherwise.</summary>
    public LeaseLimit? Lease;

    /// <summary>The quota, in the limit's units.</summary>
    public ulong Own;

    /// <summary>What may be in use in all: the quota, and what may be borrowed.</summary>
    public ulong Capacity;

    /// <summary>What a request costs.</summary>
    public CompiledCost Cost;

    /// <summary>Actions of a budget before it is used up, or null.</summary>
    public CompiledActions? Actions;

    /// <summary>Whether a request that took from it has something to tell at its end.</summary>
    public bool NeedsEnding;

    /// <summary>Slots of the limit keys.</summary>
    public int[] Slots;
}
