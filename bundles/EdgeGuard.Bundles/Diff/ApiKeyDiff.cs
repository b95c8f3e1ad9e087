using System.Collections.Immutable;
using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Bundles.Diff;

/// <summary>API keys of one id. More that is allowed loosens; an empty list of methods or paths allows any.</summary>
internal sealed class ApiKeyDiff(ChangeList changes) : IChangeComparer<ApiKeyDefinition>
{
    public string Describe(ApiKeyDefinition value) => $"{(value.IsPublishable ? "publishable" : "secret")} key of {value.Organization}";

    public string EffectOfAdding(ApiKeyDefinition value) => Effects.Loosens;

    public string EffectOfRemoving(ApiKeyDefinition value) => Effects.Tightens;

    public void Compare(string path, ApiKeyDefinition before, ApiKeyDefinition after)
    {
        changes.Value(path + ".sha256", before.Sha256, after.Sha256);
        changes.Value(path + ".kind", before.IsPublishable ? "publishable" : "secret", after.IsPublishable ? "publishable" : "secret");
        changes.Value(path + ".organization", before.Organization, after.Organization);
        changes.Value(path + ".environment", before.Environment, after.Environment);
        changes.Value(path + ".plan", before.Plan, after.Plan);
        Allowed(path + ".scopes", before.Scopes, after.Scopes, emptyIsAny: false);
        Allowed(path + ".allowed_origins", before.AllowedOrigins, after.AllowedOrigins, emptyIsAny: false);
        Allowed(path + ".allowed_methods", before.AllowedMethods, after.AllowedMethods, emptyIsAny: true);
        Allowed(path + ".allowed_paths", before.AllowedPaths, after.AllowedPaths, emptyIsAny: true);
        changes.Value(path + ".not_before", BundleDiff.Time(before.NotBefore), BundleDiff.Time(after.NotBefore));
        var later = after.ExpiresAt is null || after.ExpiresAt > before.ExpiresAt;
        changes.Value(path + ".expires_at", BundleDiff.Time(before.ExpiresAt), BundleDiff.Time(after.ExpiresAt), later ? Effects.Loosens : Effects.Tightens);
    }

    private void Allowed(string path, ImmutableArray<string> before, ImmutableArray<string> after, bool emptyIsAny)
    {
        var was = before.ToHashSet(StringComparer.Ordinal);
        var now = after.ToHashSet(StringComparer.Ordinal);
        var more = emptyIsAny && (was.Count == 0) != (now.Count == 0) ? now.Count == 0 : now.IsProperSupersetOf(was);
        var less = emptyIsAny && (was.Count == 0) != (now.Count == 0) ? was.Count == 0 : now.IsProperSubsetOf(was);
        changes.Value(path, Show(was), Show(now), more ? Effects.Loosens : less ? Effects.Tightens : string.Empty);
    }

    private static string? Show(HashSet<string> values) => values.Count == 0 ? null : string.Join(", ", values.Order(StringComparer.Ordinal));
}
