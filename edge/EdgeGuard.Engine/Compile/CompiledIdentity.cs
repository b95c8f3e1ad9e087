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
    /// What a definition demands, or null when it demands nothing. Without <c>required</c> only scopes are demanded, of those who are known.
    /// </summary>
    public static CompiledIdentity? Of(RouteIdentityDefinition definition) =>
        definition.Mode == IdentityMode.Required || (definition.Mode == IdentityMode.Optional && !definition.Scopes.IsEmpty)
            ? new CompiledIdentity(definition)
            : null;

    /// <summary>Why a caller is refused, or <see cref="Reason.None"/>. One accepted credential that has every scope is enough.</summary>
    public Reason Check(CallerFacts caller)
    {
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
                case CredentialState.Verified when IsAcceptedSource(kind, caller):
                    if (HasScopes(kind, caller))
                    {
                        return Reason.None;
                    }

                    lacksScope = true;
                    break;
                case CredentialState.Verified or CredentialState.Invalid:
                    refused = true;
                    break;
                default:
                    break;
            }
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
