using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Identity;

namespace EdgeGuard.Edge.Pipeline;

/// <summary>
/// What a refused caller is told to present (<c>WWW-Authenticate</c>, RFC 9110 section 11.6.1, RFC 6750 section 3, RFC 9449 section 7.1). Says why a
/// token was refused only where that helps its owner and nobody else.
/// </summary>
internal static class Challenge
{
    private const string Bearer = "Bearer";

    // Registered nowhere, as no scheme for signed deliveries is; a 401 has to name one (RFC 9110 section 15.5.2).
    private const string Webhook = "Webhook-Signature";

    // RFC 9449 section 7.1: what proofs may be signed with.
    private const string Proofs = ", algs=\"ES256 ES384 ES512 EdDSA PS256 RS256\"";

    /// <summary>The challenge, or null for a refusal that is not about identity.</summary>
    public static string? Of(PolicySnapshot snapshot, in Decision decision, in Caller caller) => decision.Reason switch
    {
        Reason.IdentityRequired or Reason.IdentityInvalid when decision.Policy != Decision.None && snapshot.PolicyDemands(decision.Policy) is (false, true) => Webhook,

        // Without credentials no error is told (RFC 6750 section 3.1).
        Reason.IdentityRequired => Bearer,
        Reason.IdentityInvalid => OfInvalid(caller),
        Reason.ScopeDenied => Bearer + " error=\"insufficient_scope\"" + Scopes(snapshot, decision),
        _ => null,
    };

    /// <summary>Whether the caller has to repeat the request with a nonce of this edge in its proof (RFC 9449 section 9).</summary>
    public static bool WantsNonce(in Caller caller) => caller.Token?.Failure == TokenFailures.DpopNonce;

    private static string OfInvalid(in Caller caller) => caller.Token?.Failure switch
    {
        TokenFailures.DpopNonce => "DPoP error=\"use_dpop_nonce\"" + Proofs,
        TokenFailures.BindingMissing or TokenFailures.BindingInvalid or TokenFailures.ReplaysFull => "DPoP error=\"invalid_token\", error_description=\"it is bound to a proof\"" + Proofs,
        _ => Bearer + " error=\"invalid_token\"" + Description(caller),
    };

    // The first that failed: of those that were not presented nothing is to be told.
    private static string Description(in Caller caller) => (FailureOf(caller.Token) ?? FailureOf(caller.Key) ?? FailureOf(caller.Agent) ?? FailureOf(caller.Certificate)) switch
    {
        "expired" => ", error_description=\"it has expired\"",
        "revoked" => ", error_description=\"it has been revoked\"",
        "too_many_failures" => ", error_description=\"too many attempts failed, try again later\"",
        _ => string.Empty,
    };

    private static string? FailureOf(Credential? credential) => credential is { Failure.Length: > 0 } ? credential.Failure : null;

    // Scopes are labels, so nothing in them has to be quoted.
    private static string Scopes(PolicySnapshot snapshot, in Decision decision)
    {
        var scopes = decision.Policy == Decision.None ? [] : snapshot.PolicyScopes(decision.Policy);
        var text = new StringBuilder();
        foreach (var scope in scopes)
        {
            text.Append(text.Length == 0 ? ", scope=\"" : " ").Append(scope);
        }

        return text.Length == 0 ? string.Empty : text.Append('"').ToString();
    }
}
