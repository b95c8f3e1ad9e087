using System.Collections.Immutable;

namespace EdgeGuard.Identity;

/// <summary>The closed list of words that say why a token was not verified, for metrics and logs.</summary>
public static class TokenFailures
{
    /// <summary>Not one Bearer token of three base64url parts with JSON objects in them.</summary>
    public const string Malformed = "malformed";

    /// <summary>Several Authorization headers.</summary>
    public const string Repeated = "repeated";

    /// <summary>Longer than the issuer's <c>max_token_bytes</c>, or with more than 1024 claims.</summary>
    public const string TooLarge = "too_large";

    /// <summary>A claim or header member is there twice.</summary>
    public const string Duplicate = "duplicate";

    /// <summary>The header has critical extensions; none is known.</summary>
    public const string Critical = "critical_header";

    /// <summary><c>iss</c> is none of the configured issuers.</summary>
    public const string Issuer = "unknown_issuer";

    /// <summary><c>alg</c> is not on the issuer's list.</summary>
    public const string Algorithm = "algorithm";

    /// <summary><c>typ</c> is not the expected one.</summary>
    public const string Type = "type";

    /// <summary><c>aud</c> holds none of the issuer's audiences.</summary>
    public const string Audience = "audience";

    /// <summary><c>exp</c> is missing.</summary>
    public const string NoExpiry = "no_expiry";

    /// <summary><c>exp</c> has passed.</summary>
    public const string Expired = "expired";

    /// <summary><c>nbf</c> or <c>iat</c> is still to come.</summary>
    public const string NotYetValid = "not_yet_valid";

    /// <summary><c>iat</c> is missing, and the issuer bounds age or lifetime.</summary>
    public const string NoIssueTime = "no_issue_time";

    /// <summary><c>iat</c> is longer ago than the issuer's <c>max_age</c>.</summary>
    public const string TooOld = "too_old";

    /// <summary><c>exp</c> is later after <c>iat</c> than the issuer's <c>max_lifetime</c>.</summary>
    public const string TooLongLived = "too_long_lived";

    /// <summary>A claim that the issuer's <c>required_claims</c> names has another value, or is missing.</summary>
    public const string RequiredClaim = "required_claim";

    /// <summary>The issuer's key set has no key of that id for that algorithm.</summary>
    public const string UnknownKey = "unknown_key";

    /// <summary>The signature does not fit.</summary>
    public const string BadSignature = "bad_signature";

    /// <summary>No key set of the issuer is there, or it is too old.</summary>
    public const string KeysUnavailable = "keys_unavailable";

    /// <summary>Too many of this client's credentials have failed; this one was not checked.</summary>
    public const string TooManyFailures = "too_many_failures";

    /// <summary>The token is bound to a key, certificate or header, or has to be, and no proof of it was presented.</summary>
    public const string BindingMissing = "binding_missing";

    /// <summary>The proof that was presented is not one for this token and request.</summary>
    public const string BindingInvalid = "binding_invalid";

    /// <summary>The DPoP proof has to hold a nonce of this edge.</summary>
    public const string DpopNonce = "dpop_nonce";

    /// <summary>The proof is a good one, but this edge cannot remember any more of its key, or at all, so that it must not pass.</summary>
    public const string ReplaysFull = "replays_full";

    /// <summary>Every word.</summary>
    public static ImmutableArray<string> All { get; } =
    [
        Malformed, Repeated, TooLarge, Duplicate, Critical, Issuer, Algorithm, Type, Audience, NoExpiry, Expired, NotYetValid, NoIssueTime, TooOld,
        TooLongLived, RequiredClaim, UnknownKey, BadSignature, KeysUnavailable, TooManyFailures,
        BindingMissing, BindingInvalid, DpopNonce, ReplaysFull,
    ];
}
