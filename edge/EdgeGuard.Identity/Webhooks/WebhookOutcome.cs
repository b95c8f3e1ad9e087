namespace EdgeGuard.Identity.Webhooks;

/// <summary>What became of a webhook's delivery.</summary>
public enum WebhookOutcome : byte
{
    /// <summary>No signature was presented.</summary>
    None,

    /// <summary>Signed by the provider, in time, for the first time.</summary>
    Verified,

    /// <summary>The headers of the signature cannot be read.</summary>
    Malformed,

    /// <summary>The time signed is too far away from now.</summary>
    OutOfTime,

    /// <summary>No signature fits any secret.</summary>
    BadSignature,

    /// <summary>The body is longer than is verified.</summary>
    TooLarge,

    /// <summary>The body is not known here: a gateway has kept it.</summary>
    NoBody,

    /// <summary>The same delivery was let through before, or is under way.</summary>
    Replayed,

    /// <summary>There is no room to remember it, so it must not pass.</summary>
    Full,

    /// <summary>Not looked at: too many of the client's credentials have failed.</summary>
    TooManyFailures,

    /// <summary>Nobody knows the provider.</summary>
    Unknown,
}
