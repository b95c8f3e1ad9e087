using System.Collections.Immutable;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Facts;

namespace EdgeGuard.Engine.Compile;

/// <summary>What a policy demands of its caller.</summary>
internal sealed class CompiledIdentity(RouteIdentityDefinition definition)
{
    private static readonly ImmutableArray<CredentialKinds> EachKind =
        [CredentialKinds.Jwt, CredentialKinds.ApiKey, CredentialKinds.Agent, CredentialKinds.Certificate];

    /// <summary>Kinds that are accepted.</summary>
    public CredentialKinds Kinds => definition.Kinds;

    /// <summary>Scopes that one accepted credential must have.</summary>
    public ImmutableArray<string> Scopes => definition.Scopes;

    /// <summary>
    /// What a definition demands, or null when it demands nothing. Without <c>required</c> scopes and issuers are demanded of those who are known.
    /// </summary>
    public static CompiledIdentity? Of(RouteIdentityDefinition definition) => definition.Mode switch
    {
        IdentityMode.Required => new CompiledIdentity(definition),
        IdentityMode.Optional when !definition.Scopes.IsEmpty || !definition.Issuers.IsEmpty => new CompiledIdentity(definition),
        _ => null,
    };

    /// <summary>
    /// Why a caller is refused, or <see cref="Reason.None"/>. One accepted credential that has every scope is enough; but a token of an issuer that is
    /// not accepted is refused whatever else is there, because its claims would be read.
    /// </summary>
    public Reason Check(CallerFacts caller)
    {
        var accepted = false;
        var lacksScope = false;
        var refused = false;
        foreach (var kind in EachKind)
        {
            if ((definition.Kinds & kind) == CredentialKinds.None)
            {
                continue;
            }

            switch (caller.StateOf(kind))
            {
                case CredentialState.Verified when !IsAcceptedSource(kind, caller):
                    return Reason.IdentityInvalid;
                case CredentialState.Verified when HasScopes(kind, caller):
                    accepted = true;
                    break;
                case CredentialState.Verified:
                    lacksScope = true;
                    break;
                case CredentialState.Invalid:
                    refused = true;
                    break;
                default:
                    break;
            }
        }

        if (accepted)
        {
            return Reason.None;
        }

        if (lacksScope)
        {
            return Reason.ScopeDenied;
        }

        return definition.Mode != IdentityMode.Required ? Reason.None : refused ? Reason.IdentityInvalid : Reason.IdentityRequired;
    }

    private bool IsAcceptedSource(CredentialKinds kind, CallerFacts caller) =>
        kind != CredentialKinds.Jwt || definition.Issuers.IsEmpty || definition.Issuers.Contains(caller.SourceOf(kind));

    private bool HasScopes(CredentialKinds kind, CallerFacts caller)
    {
        foreach (var scope in definition.Scopes)
        {
            if (!caller.HasScope(kind, scope))
            {
                return false;
            }
        }

        return true;
    }
}
