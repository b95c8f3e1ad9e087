using System.Collections.Immutable;
using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Identity;

/// <summary>
/// Verifies bearer tokens against the issuers of the bundle in force, with key sets that are refreshed in the background. One for the life of
/// the edge; a new bundle's issuers are given to <see cref="UseIssuers"/> and key sets that stay the same are kept.
/// </summary>
public sealed class TokenVerifier : IAsyncDisposable
{
    /// <summary>A verifier without issuers.</summary>
    public TokenVerifier(IdentityOptions options, HttpMessageHandler http, TimeProvider time) => throw new NotImplementedException();

    /// <summary>Takes a bundle's issuers into use. Key sets of unchanged issuers stay; new ones are fetched in the background.</summary>
    public void UseIssuers(ImmutableArray<IssuerDefinition> issuers) => throw new NotImplementedException();

    /// <summary>Verifies the value of an Authorization header; never throws for bad input. Completes synchronously for a cached token.</summary>
    public ValueTask<TokenResult> VerifyAsync(string? authorization, CancellationToken cancellation) => throw new NotImplementedException();

    /// <inheritdoc />
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
