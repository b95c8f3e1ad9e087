using System.Collections.Immutable;

namespace EdgeGuard.Identity;

/// <summary>The closed list of words that say why a token was not verified, for metrics and logs.</summary>
public static class TokenFailures
{
    /// <summary>Not one Bearer token of three base64url parts with JSON objects in them.</summary>
    public const string Malformed = "malformed";

    /// <summary>Several Authorization headers.</summary>
    public const string Repeated = "repeated";

    /// <summary>Longer than 8 KiB.</summary>
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

    /// <summary><c>nbf</c> is still to come.</summary>
    public const string NotYetValid = "not_yet_valid";

    /// <summary>The issuer's key set has no key of that id for that algorithm.</summary>
    public const string UnknownKey = "unknown_key";

    /// <summary>The signature does not fit.</summary>
    public const string BadSignature = "bad_signature";

    /// <summary>No key set of the issuer is there, or it is too old.</summary>
    public const string KeysUnavailable = "keys_unavailable";

    /// <summary>Every word.</summary>
    public static ImmutableArray<string> All { get; } =
    [
        Malformed, Repeated, TooLarge, Duplicate, Critical, Issuer, Algorithm, Type, Audience, NoExpiry, Expired, NotYetValid, UnknownKey, BadSignature,
        KeysUnavailable,
    ];
}
