using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Bundles.Diff;

/// <summary>What a policy demands of its callers. Demanding more tightens.</summary>
internal sealed class RouteIdentityDiff(ChangeList changes)
{
    public void Compare(string path, RouteIdentityDefinition before, RouteIdentityDefinition after)
    {
        changes.Value(path + ".identity", Word(before.Mode), Word(after.Mode), Strictness(after.Mode) > Strictness(before.Mode) ? Effects.Tightens : Effects.Loosens);
        var options = path + ".identity_options";
        var (was, now) = (before.Kinds, after.Kinds);
        changes.Value(
            options + ".kinds", Kinds(was), Kinds(now), (was & now) == was ? Effects.Loosens : (was & now) == now ? Effects.Tightens : string.Empty);
        Set(options + ".issuers", [.. before.Issuers], [.. after.Issuers], emptyIsAll: true);
        Set(options + ".scopes", [.. before.Scopes], [.. after.Scopes], emptyIsAll: false);
        changes.Value(options + ".forward_headers", Headers(before), Headers(after));
    }

    // Fewer accepted issuers tighten, and none listed accepts all; more demanded scopes tighten.
    private void Set(string path, HashSet<string> before, HashSet<string> after, bool emptyIsAll)
    {
        var grows = emptyIsAll
            ? before.Count > 0 && (after.Count == 0 || after.IsProperSupersetOf(before))
            : after.IsProperSubsetOf(before);
        var shrinks = emptyIsAll
            ? after.Count > 0 && (before.Count == 0 || after.IsProperSubsetOf(before))
            : after.IsProperSupersetOf(before);
        changes.Value(path, List(before), List(after), grows ? Effects.Loosens : shrinks ? Effects.Tightens : string.Empty);
    }

    private static int Strictness(IdentityMode mode) => mode switch
    {
        IdentityMode.None => 0,
        IdentityMode.Optional => 1,
        _ => 2,
    };

    private static string Word(IdentityMode mode) => mode switch
    {
        IdentityMode.None => "none",
        IdentityMode.Optional => "optional",
        _ => "required",
    };

    private static string? Kinds(CredentialKinds kinds) => kinds == CredentialKinds.All
        ? null
        : string.Join(", ", new[]
        {
            (CredentialKinds.Jwt, "jwt"), (CredentialKinds.ApiKey, "api_key"), (CredentialKinds.Agent, "agent"), (CredentialKinds.Certificate, "mtls"),
        }.Where(kind => (kinds & kind.Item1) != CredentialKinds.None).Select(kind => kind.Item2));

    private static string? List(HashSet<string> set) => set.Count == 0 ? null : string.Join(", ", set.Order(StringComparer.Ordinal));

    private static string? Headers(RouteIdentityDefinition identity) => identity.ForwardHeaders.IsEmpty
        ? null
        : string.Join(", ", identity.ForwardHeaders.Select(header => $"{header.Key}: {header.Value}").Order(StringComparer.Ordinal));
}
