using System.Net;

namespace EdgeGuard.Identity.Tokens;

/// <summary>A token on its way to being verified.</summary>
/// <param name="Authorization">The whole header value.</param>
/// <param name="Token">The token in it.</param>
/// <param name="Issuers">The issuers in force when it came; what becomes of it is kept with them and never with later ones.</param>
/// <param name="Client">Who sent it, or null.</param>
internal readonly record struct TokenAttempt(string Authorization, string Token, IssuerSet Issuers, IPAddress? Client);
