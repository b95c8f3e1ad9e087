using EdgeGuard.Edge.Pipeline;

namespace EdgeGuard.Edge.Rejections;

/// <summary>Retry-After with jitter, so that clients which were refused together do not come back together.</summary>
internal static class RetryAfter
{
    /// <summary>Whole seconds that a refusal tells; 0 for none.</summary>
    public static int Of(in DecidedRequest decided) =>
        decided.Decision.Status is 429 or 503 ? Of(decided.Decision.RetryAfterSeconds, decided.Jitter) : 0;

    /// <summary>Whole seconds from the base to one and a half times it (rounded down); 0 for no base.</summary>
    /// <param name="seconds">Earliest time at which a request could succeed.</param>
    /// <param name="jitter">A number that stays the same for a client.</param>
    public static int Of(int seconds, uint jitter) => seconds <= 0 ? 0 : (int)Math.Min(int.MaxValue, seconds + (jitter % ((seconds / 2) + 1L)));
}
