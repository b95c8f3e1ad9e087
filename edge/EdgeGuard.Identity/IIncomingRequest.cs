using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Identity;

/// <summary>
/// The request that a caller sent, as far as its credentials are concerned; at a decision door that is the original one, not the gateway's question.
/// Valid until its verification has ended.
/// </summary>
public interface IIncomingRequest
{
    /// <summary>Method as received.</summary>
    string Method { get; }

    /// <summary><c>http</c> or <c>https</c>, as the client sent it.</summary>
    string Scheme { get; }

    /// <summary>Host, with port if it was sent; empty for none.</summary>
    string Authority { get; }

    /// <summary>Request target as received, before anything is decoded: path and, after <c>?</c>, query; or an absolute URI.</summary>
    string Target { get; }

    /// <summary>
    /// Kinds of credentials that anybody looks at for this request. Found out when asked for the first time, so ask before what costs more than a
    /// look into a cache, and answer <see cref="Credential.None"/> for a kind that is not among them.
    /// </summary>
    CredentialKinds Wanted { get; }

    /// <summary>The client's address, seen through trusted proxies; null when it is not known.</summary>
    IPAddress? ClientAddress { get; }

    /// <summary>Certificate that the client proved to hold (by TLS, or as told by a trusted proxy), or null.</summary>
    X509Certificate2? ClientCertificate { get; }

    /// <summary>How many field lines a header has.</summary>
    int CountOf(string header);

    /// <summary>First field line of a header as received, or null.</summary>
    string? FirstOf(string header);

    /// <summary>As <see cref="FirstOf"/>, without making text of it; empty for none.</summary>
    ReadOnlySpan<char> ValueOf(string header) => FirstOf(header);

    /// <summary>One of a header's field lines as received, counted from 0, or null.</summary>
    string? LineOf(string header, int index) => index == 0 ? FirstOf(header) : null;

    /// <summary>All field lines of a header, each without blanks around it, joined by a comma and a blank (RFC 9110 section 5.3); null for none.</summary>
    string? CombinedOf(string header);

    /// <summary>
    /// Whether the canonical path, which is what policies match and what is forwarded, lies at or below one of some prefixes; they are compared by whole
    /// segments, as a selector's <c>path_prefix</c>. False for a path that cannot be read.
    /// </summary>
    bool IsBelow(ImmutableArray<string> prefixes) => false;

    /// <summary>The whole body, or null when it is longer than the bound. What is read stays readable for whoever forwards the request.</summary>
    /// <param name="maxBytes">The bound.</param>
    /// <param name="cancellation">Ends the wait for the client.</param>
    ValueTask<ReadOnlyMemory<byte>?> ReadBodyAsync(int maxBytes, CancellationToken cancellation);
}
