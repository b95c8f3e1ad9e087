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

    /// <summary>The challenge, or null for a refusal that is not about identity.</summary>
    public static string? Of(PolicySnapshot snapshot, in Decision decision, in Caller caller) => decision.Reason switch
    {
        Reason.IdentityRequired or Reason.IdentityInvalid when decision.Policy != Decision.None && snapshot.PolicyDemands(decision.Policy) is (false, true) => Webhook,

        // Without credentials no error is told (RFC 6750 section 3.1).
        Reason.IdentityRequired => Bearer,
        Reason.IdentityInvalid => Scheme(caller) + " error=\"invalid_token\"" + Description(caller),
        Reason.ScopeDenied => Scheme(caller) + " error=\"insufficient_scope\"" + Scopes(snapshot, decision),
        _ => null,
    };

    private static string Scheme(in Caller caller) =>
        caller.Token?.Failure is "binding_missing" or "binding_invalid" or "dpop_nonce" ? "DPoP" : Bearer;

    private static string Description(in Caller caller) => (caller.Token ?? caller.Key ?? caller.Agent ?? caller.Certificate)?.Failure switch
    {
        "expired" => ", error_description=\"it has expired\"",
        "revoked" => ", error_description=\"it has been revoked\"",
        "too_many_failures" => ", error_description=\"too many attempts failed, try again later\"",
        _ => string.Empty,
    };

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
