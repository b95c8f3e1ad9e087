using System.Collections.Frozen;
using EdgeGuard.Identity.Agents;

namespace EdgeGuard.Identity.Replays;

/// <summary>The age limits of all sources of one kind, from bundle to bundle. Used by one thread at a time.</summary>
internal sealed class AgeLimits(TimeProvider time)
{
    /// <summary>Clocks that differ, and requests that are still verified by the bundle before. Seconds.</summary>
    public const long SlackSeconds = 2 * SignatureTime.SkewSeconds;

    // Longer than any limit that a bundle may say: of a source that comes back later nothing is left that could pass again.
    private const long KeptSeconds = 24 * 60 * 60;

    private readonly Dictionary<string, Known> _known = new(StringComparer.Ordinal);
    private FrozenDictionary<string, AgeLimit> _used = FrozenDictionary<string, AgeLimit>.Empty;

    /// <summary>The limits of a bundle that comes into force, by source.</summary>
    /// <param name="limits">Sources, each once, and what the bundle says of them.</param>
    /// <param name="ahead">Whether what is signed may be as far ahead of the clock as it may be old.</param>
    public FrozenDictionary<string, AgeLimit> Use(IEnumerable<(string Source, TimeSpan Limit)> limits, bool ahead = false)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        foreach (var (source, limit) in _used)
        {
            _known[source] = new Known(limit, now);
        }

        foreach (var (source, _) in _known.Where(entry => entry.Value.LastUsed < now - KeptSeconds).ToArray())
        {
            _known.Remove(source);
        }

        _used = limits.ToFrozenDictionary(
            entry => entry.Source,
            entry => _known.TryGetValue(entry.Source, out var known)
                ? known.Limit.ChangedTo(entry.Limit, known.LastUsed + SlackSeconds + (ahead ? (long)known.Limit.Current.TotalSeconds : 0), now)
                : AgeLimit.Of(entry.Limit),
            StringComparer.Ordinal);
        return _used;
    }

    private readonly record struct Known(AgeLimit Limit, long LastUsed);
}
