namespace EdgeGuard.Identity;

/// <summary>What the verifier has counted since it started. Every member may be read from any thread.</summary>
public sealed class IdentityCounters
{
    private readonly long[] _failures = new long[TokenFailures.All.Length];
    private long _verified;
    private long _cacheHits;

    /// <summary>Tokens verified, the cached ones included.</summary>
    public long Verified => Interlocked.Read(ref _verified);

    /// <summary>Tokens found in the cache.</summary>
    public long CacheHits => Interlocked.Read(ref _cacheHits);

    /// <summary>Tokens refused for a reason, one of <see cref="TokenFailures.All"/>.</summary>
    public long Refused(string failure)
    {
        var index = TokenFailures.All.IndexOf(failure);
        return index < 0 ? 0 : Interlocked.Read(ref _failures[index]);
    }

    internal void CountHit()
    {
        Interlocked.Increment(ref _cacheHits);
        Interlocked.Increment(ref _verified);
    }

    internal void CountVerified() => Interlocked.Increment(ref _verified);

    internal void CountRefused(string failure)
    {
        var index = TokenFailures.All.IndexOf(failure);
        if (index >= 0)
        {
            Interlocked.Increment(ref _failures[index]);
        }
    }
}
