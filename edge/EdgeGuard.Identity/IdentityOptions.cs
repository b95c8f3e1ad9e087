using System.Collections.Immutable;

namespace EdgeGuard.Identity;

/// <summary>What the edge's options say about identity.</summary>
public sealed record IdentityOptions
{
    /// <summary><c>jwt_verification: off</c>: claims are taken from tokens that a gateway in front has verified.</summary>
    public bool VerificationOff { get; init; }

    /// <summary>
    /// Hosts that key sets may be fetched from: exact, lower case. With <c>:port</c> only that port, without it any port of that host.
    /// </summary>
    public ImmutableHashSet<string> FetchHosts { get; init; } = [];

    /// <summary>Names among <see cref="FetchHosts"/>, lower case and without port, that may resolve to private addresses.</summary>
    public ImmutableHashSet<string> PrivateHosts { get; init; } = [];

    /// <summary>Whether key sets may come over plain http, for loopback hosts only.</summary>
    public bool AllowHttpLoopback { get; init; } = true;

    /// <summary>Verified tokens kept; rounded up to a power of two, 64 MiB at most.</summary>
    public int CacheEntries { get; init; } = 16_384;

    /// <summary>Failed credentials of one client that are checked at once (<c>identity.failures.burst</c>); 0 for no limit.</summary>
    public int FailureBurst { get; init; } = 20;

    /// <summary>Failed credentials of one client forgiven in a second (<c>identity.failures.per_second</c>); above 0.</summary>
    public double FailuresPerSecond { get; init; } = 1;
}
