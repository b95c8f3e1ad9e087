using System.Collections.Immutable;

namespace EdgeGuard.Identity.Replays;

/// <summary>
/// How old something signed may be, by when it was signed. What has passed is remembered until it is too old by the limit of that time, and then forgotten: under a
/// limit that was raised meanwhile it would pass once more. So a raised limit counts for what is signed from then on, and a lowered one at once. Immutable.
/// </summary>
internal sealed class AgeLimit
{
    private readonly ImmutableArray<Step> _earlier;

    private AgeLimit(TimeSpan current, ImmutableArray<Step> earlier)
    {
        Current = current;
        _earlier = earlier;
    }

    /// <summary>The limit for what is signed now.</summary>
    public TimeSpan Current { get; }

    /// <summary>A limit that was never another one.</summary>
    public static AgeLimit Of(TimeSpan limit) => new(limit, []);

    /// <summary>The limit for what was signed at a time, in seconds since 1970.</summary>
    public TimeSpan For(long signed)
    {
        foreach (var step in _earlier)
        {
            if (signed <= step.LastSigned)
            {
                return step.Limit;
            }
        }

        return Current;
    }

    /// <summary>The same with another limit from now on.</summary>
    /// <param name="limit">The other limit.</param>
    /// <param name="lastSigned">Latest time at which what has passed until now can be signed. Seconds since 1970.</param>
    /// <param name="now">Seconds since 1970.</param>
    public AgeLimit ChangedTo(TimeSpan limit, long lastSigned, long now)
    {
        if (limit == Current)
        {
            return this;
        }

        // What is so old that no limit takes it needs none of its own; what is remembered for longer than it can pass does no harm.
        var earlier = _earlier.Where(step => step.Limit < limit && step.LastSigned >= now - (long)limit.TotalSeconds - AgeLimits.SlackSeconds);
        return new AgeLimit(limit, limit > Current ? [.. earlier, new Step(lastSigned, Current)] : [.. earlier]);
    }

    private readonly record struct Step(long LastSigned, TimeSpan Limit);
}
