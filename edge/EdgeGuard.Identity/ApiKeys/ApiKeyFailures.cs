using System.Collections.Immutable;

namespace EdgeGuard.Identity.ApiKeys;

/// <summary>The closed list of words that say why an API key was not verified, for metrics and logs.</summary>
public static class ApiKeyFailures
{
    /// <summary>Not the form of a key, or its checksum does not fit.</summary>
    public const string Malformed = "malformed";

    /// <summary>Several Authorization headers, several X-API-Key headers, or a key in both.</summary>
    public const string Repeated = "repeated";

    /// <summary>None of the keys known.</summary>
    public const string UnknownKey = "unknown_key";

    /// <summary><c>not_before</c> is still to come.</summary>
    public const string NotYetValid = "not_yet_valid";

    /// <summary><c>expires_at</c> has passed.</summary>
    public const string Expired = "expired";

    /// <summary>A publishable key without the Origin of a page that may use it.</summary>
    public const string Origin = "origin";

    /// <summary>A secret key from a browser.</summary>
    public const string SecretInBrowser = "secret_in_browser";

    /// <summary>The key may not be used with this method.</summary>
    public const string Method = "method";

    /// <summary>The key may not be used on this path.</summary>
    public const string Path = "path";

    /// <summary>Every word.</summary>
    public static ImmutableArray<string> All { get; } =
        [Malformed, Repeated, UnknownKey, NotYetValid, Expired, Origin, SecretInBrowser, Method, Path];
}
