using System.Collections.Immutable;

namespace EdgeGuard.Identity.Certificates;

/// <summary>The closed list of words that say why a client certificate was not verified.</summary>
public static class CertificateFailures
{
    /// <summary>The file of accepted authorities could not be read.</summary>
    public const string TrustUnavailable = "trust_unavailable";

    /// <summary>Before or after its validity.</summary>
    public const string Expired = "expired";

    /// <summary>It does not lead to an accepted authority.</summary>
    public const string Untrusted = "untrusted";

    /// <summary>It is not for clients.</summary>
    public const string Usage = "usage";

    /// <summary>Its name is malformed, or none of the accepted ones.</summary>
    public const string Name = "name";

    /// <summary>The client has failed too often.</summary>
    public const string TooManyFailures = "too_many_failures";

    /// <summary>Every word.</summary>
    public static ImmutableArray<string> All { get; } = [TrustUnavailable, Expired, Untrusted, Usage, Name, TooManyFailures];
}
