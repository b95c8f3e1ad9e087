using System.Collections.Immutable;

namespace EdgeGuard.Identity.Agents;

/// <summary>The closed list of words that say why an agent was not verified, for metrics and logs.</summary>
public static class AgentFailures
{
    /// <summary>The header is no signature of its scheme, or half of one.</summary>
    public const string Malformed = "malformed";

    /// <summary>Signatures of several schemes at once.</summary>
    public const string Ambiguous = "ambiguous";

    /// <summary>No registered agent of that scheme is named.</summary>
    public const string UnknownAgent = "unknown_agent";

    /// <summary>The named algorithm is not the one registered.</summary>
    public const string Algorithm = "algorithm";

    /// <summary>A component is covered that cannot be: unknown, repeated, of a response, or not in the request exactly once.</summary>
    public const string Component = "component";

    /// <summary>Something is not covered that has to be.</summary>
    public const string NotCovered = "not_covered";

    /// <summary>The signature does not say when it was made.</summary>
    public const string NoTime = "no_time";

    /// <summary>Older than <c>max_age</c>, or past its own end.</summary>
    public const string Expired = "expired";

    /// <summary>Made in the future.</summary>
    public const string NotYetValid = "not_yet_valid";

    /// <summary>The signature does not fit.</summary>
    public const string BadSignature = "bad_signature";

    /// <summary>The body is not the one that was signed.</summary>
    public const string Digest = "digest";

    /// <summary>The body is too long to be compared with what was signed.</summary>
    public const string TooLarge = "too_large";

    /// <summary>The signature or its nonce was seen before.</summary>
    public const string Replayed = "replayed";

    /// <summary>More signatures are remembered than there is room for; nothing can be told apart from a replay.</summary>
    public const string ReplaysFull = "replays_full";

    /// <summary>The key directory has no such key.</summary>
    public const string UnknownKey = "unknown_key";

    /// <summary>No key directory could be had, or it is too old.</summary>
    public const string KeysUnavailable = "keys_unavailable";

    /// <summary>The client has failed too often.</summary>
    public const string TooManyFailures = "too_many_failures";

    /// <summary>Every word.</summary>
    public static ImmutableArray<string> All { get; } =
    [
        Malformed, Ambiguous, UnknownAgent, Algorithm, Component, NotCovered, NoTime, Expired, NotYetValid, BadSignature, Digest, TooLarge, Replayed,
        ReplaysFull, UnknownKey, KeysUnavailable, TooManyFailures,
    ];
}
