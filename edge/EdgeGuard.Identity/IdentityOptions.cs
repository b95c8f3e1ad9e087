using System.Collections.Immutable;

namespace EdgeGuard.Identity;

/// <summary>What the edge's options say about identity.</summary>
public sealed record IdentityOptions
{
    /// <summary><c>jwt_verification: off</c>: claims are taken from tokens that a gateway in front has verified.</summary>
    public bool VerificationOff { get; init; }

    /// <summary>Hosts that key sets may be fetched from (exact, lower case, optionally with <c>:port</c>).</summary>
    public ImmutableHashSet<string> FetchHosts { get; init; } = [];

    /// <summary>Whether key sets may come over plain http, for loopback hosts only.</summary>
    public bool AllowHttpLoopback { get; init; } = true;
}
