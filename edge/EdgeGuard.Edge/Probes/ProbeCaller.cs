using System.Collections.Frozen;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Identity;

namespace EdgeGuard.Edge.Probes;

/// <summary>Who calls in a probe: what it gives counts as verified, but for what it calls invalid.</summary>
internal static class ProbeCaller
{
    private static readonly CredentialKinds[] Kinds = [CredentialKinds.Jwt, CredentialKinds.ApiKey, CredentialKinds.Agent, CredentialKinds.Certificate];

    /// <summary>The caller of a probe's request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="firstIssuer">Issuer of its token when it names none.</param>
    public static Caller Of(PolicyTestRequest request, string firstIssuer)
    {
        var caller = default(Caller);
        foreach (var kind in Kinds)
        {
            if (request.Invalid.HasFlag(kind))
            {
                caller = caller.With(Credential.Refused(kind, "invalid"));
            }
            else if (ValuesOf(request, kind) is { Count: > 0 } values || (kind == CredentialKinds.Jwt && !request.ClaimLists.IsEmpty))
            {
                caller = caller.With(new Credential
                {
                    Kind = kind,
                    Outcome = CredentialOutcome.Verified,
                    Values = ValuesOf(request, kind).ToFrozenDictionary(StringComparer.Ordinal),
                    Lists = kind == CredentialKinds.Jwt ? ListsOf(request) : FrozenDictionary<string, FrozenSet<string>>.Empty,
                    Scopes = request.Scopes.ToFrozenSet(StringComparer.Ordinal),
                    SourceId = kind == CredentialKinds.Jwt ? request.Issuer ?? firstIssuer : ValuesOf(request, kind).GetValueOrDefault("id", string.Empty),
                });
            }
        }

        return caller;
    }

    private static Dictionary<string, string> ValuesOf(PolicyTestRequest request, CredentialKinds kind)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        if (kind == CredentialKinds.Jwt)
        {
            foreach (var (name, value) in request.Claims)
            {
                values[name] = value;
            }

            return values;
        }

        foreach (var (key, value) in request.Facts)
        {
            if (FactPlan.CredentialOf(key.Kind) == kind)
            {
                values[key.Name] = value;
            }
        }

        return values;
    }

    private static FrozenDictionary<string, FrozenSet<string>> ListsOf(PolicyTestRequest request) => request.ClaimLists.ToFrozenDictionary(
        list => list.Key, list => list.Value.ToFrozenSet(StringComparer.Ordinal), StringComparer.Ordinal);
}
