using System.Collections.Concurrent;

namespace EdgeGuard.Engine.Counters;

/// <summary>The tallies of all policies that ever had a circuit breaker in a table, by id: they outlive a reload.</summary>
public sealed class BreakerTallies
{
    private readonly ConcurrentDictionary<string, BreakerTally> _byPolicy = new(StringComparer.Ordinal);

    /// <summary>A policy's tally, begun on first sight.</summary>
    public BreakerTally Of(string policyId) => _byPolicy.GetOrAdd(policyId, static _ => new BreakerTally());

    /// <summary>All of them, in no order.</summary>
    public IEnumerable<KeyValuePair<string, BreakerTally>> All => _byPolicy;
}
