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

    /// <summary>Whether key sets may come over plain http, for loopback hosts only.</summary>
    public bool AllowHttpLoopback { get; init; } = true;

    /// <summary>Verified tokens kept; rounded up to a power of two, 32 MiB of tokens at most.</summary>
    public int CacheEntries { get; init; } = 16_384;
}
