using EdgeGuard.Identity.Replays;

namespace EdgeGuard.Identity.Agents;

/// <summary>When a signature is taken: from when it was made until <c>max_age</c> later, or its own end if that is earlier.</summary>
internal static class SignatureTime
{
    /// <summary>How far clocks may differ, in seconds, at both ends.</summary>
    public const long SkewSeconds = 30;

    /// <summary>The word of what is wrong, or null.</summary>
    /// <param name="created">Seconds since 1970, or null for none.</param>
    /// <param name="expires">Seconds since 1970, or null for none.</param>
    /// <param name="maxAge">Oldest signature taken, by when it was made.</param>
    /// <param name="now">Seconds since 1970.</param>
    public static string? Check(long? created, long? expires, AgeLimit maxAge, long now)
    {
        if (created is not { } since)
        {
            return AgentFailures.NoTime;
        }

        if (since > now + SkewSeconds)
        {
            return AgentFailures.NotYetValid;
        }

        return now - since > (long)maxAge.For(since).TotalSeconds + SkewSeconds || (expires is { } end && (now >= end + SkewSeconds || end < since))
            ? AgentFailures.Expired
            : null;
    }

    /// <summary>Until when a signature must be remembered: from then on it is too old anyway. Seconds since 1970.</summary>
    public static long RememberUntil(long created, TimeSpan maxAge) => created + (long)maxAge.TotalSeconds + SkewSeconds + 1;
}
