using System.Net;

namespace EdgeGuard.Identity.Tokens;

/// <summary>A token on its way to being verified.</summary>
/// <param name="Authorization">The whole header value.</param>
/// <param name="Place">Where in it the token is.</param>
/// <param name="Issuers">The issuers in force when it came; what becomes of it is kept with them and never with later ones.</param>
/// <param name="Client">Who sent it, or null.</param>
internal readonly record struct TokenAttempt(string Authorization, Range Place, IssuerSet Issuers, IPAddress? Client)
{
    /// <summary>The token.</summary>
    public ReadOnlySpan<char> Token => Authorization.AsSpan(Place);
}
