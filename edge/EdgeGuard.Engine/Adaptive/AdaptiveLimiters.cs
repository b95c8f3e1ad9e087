using System.Collections.Concurrent;
using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Engine.Adaptive;

/// <summary>The adaptive limiters of all policies, by id: what was learnt of an upstream outlives a reload. Thread-safe.</summary>
public sealed class AdaptiveLimiters
{
    private readonly ConcurrentDictionary<string, AdaptiveLimiter> _byPolicy = new(StringComparer.Ordinal);

    /// <summary>All of them, in no order.</summary>
    public IEnumerable<KeyValuePair<string, AdaptiveLimiter>> All => _byPolicy;

    /// <summary>A policy's limiter with these numbers; what it has learnt stays, as far as the numbers allow.</summary>
    /// <param name="policyId">The policy.</param>
    /// <param name="definition">Its numbers.</param>
    public AdaptiveLimiter Of(string policyId, AdaptiveConcurrencyDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var limiter = _byPolicy.GetOrAdd(policyId, static (_, numbers) => new AdaptiveLimiter(numbers), definition);
        limiter.Configure(definition);
        return limiter;
    }

    /// <summary>Lets all of them begin anew. Only together with the counters.</summary>
    internal void Forget()
    {
        foreach (var (_, limiter) in _byPolicy)
        {
            limiter.Forget();
        }
    }
}
