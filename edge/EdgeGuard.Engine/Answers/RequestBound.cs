using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Decide;

namespace EdgeGuard.Engine.Answers;

/// <summary>Whether a request is larger than a policy allows.</summary>
public static class RequestBound
{
    /// <summary>What a field counts beside its name and value: colon, blank and line end, whatever the version of HTTP.</summary>
    public const int FieldBytes = 4;

    private const short ContentTooLarge = 413;
    private const short UriTooLong = 414;
    private const short HeadersTooLarge = 431;

    /// <summary>The refusal (<see cref="Reason.TooLarge"/> with 414, 431 or 413), or null.</summary>
    /// <param name="limits">The bounds.</param>
    /// <param name="policy">Index of the policy that has them.</param>
    /// <param name="uriBytes">Bytes of the request target.</param>
    /// <param name="headerCount">Header fields.</param>
    /// <param name="headerBytes">Their names and values, and <see cref="FieldBytes"/> for each.</param>
    /// <param name="bodyBytes">Length of the body as far as it is known.</param>
    public static Decision? Check(RequestLimitsDefinition limits, int policy, int uriBytes, int headerCount, long headerBytes, long bodyBytes)
    {
        ArgumentNullException.ThrowIfNull(limits);
        return uriBytes > (limits.MaxUriBytes ?? int.MaxValue) ? Refuse(policy, UriTooLong)
            : headerCount > (limits.MaxHeaderCount ?? int.MaxValue) || headerBytes > (limits.MaxHeaderBytes ?? int.MaxValue) ? Refuse(policy, HeadersTooLarge)
            : bodyBytes > (limits.MaxBodyBytes ?? long.MaxValue) ? Refuse(policy, ContentTooLarge)
            : null;
    }

    private static Decision Refuse(int policy, short status) => Decision.Refused(Reason.TooLarge) with
    {
        Status = status,
        Policy = policy,
        MatchedPolicy = policy,
        RetryAfterSeconds = 0,
    };
}
