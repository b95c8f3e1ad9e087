using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Schema;

namespace EdgeGuard.Bundles.Diff;

/// <summary>Agents of one id. Keys are told apart, never shown.</summary>
internal sealed class AgentDiff(ChangeList changes) : IChangeComparer<AgentDefinition>
{
    public string Describe(AgentDefinition value) => $"{value.Scheme} {value.Algorithm}";

    public string EffectOfAdding(AgentDefinition value) => Effects.Loosens;

    public string EffectOfRemoving(AgentDefinition value) => Effects.Tightens;

    public void Compare(string path, AgentDefinition before, AgentDefinition after)
    {
        changes.Value(path + ".scheme", before.Scheme.ToString(), after.Scheme.ToString());
        changes.Value(path + ".algorithm", before.Algorithm, after.Algorithm);
        changes.Value(path + ".public_key", Key(before.PublicKey), Key(after.PublicKey));
        changes.Value(path + ".key_directory", before.KeyDirectory, after.KeyDirectory);
        changes.Value(path + ".secret", before.Secret, after.Secret);
        Names(path + ".required_components", [.. before.RequiredComponents], [.. after.RequiredComponents], moreLoosens: false);
        changes.Value(
            path + ".max_age",
            DurationText.Format(before.MaxAge),
            DurationText.Format(after.MaxAge),
            after.MaxAge > before.MaxAge ? Effects.Loosens : Effects.Tightens);
        changes.Value(path + ".organization", before.Organization, after.Organization);
        Names(path + ".scopes", [.. before.Scopes], [.. after.Scopes], moreLoosens: true);
    }

    private static string? Key(string? text) => text is null
        ? null
        : Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)))[..16];

    private void Names(string path, HashSet<string> before, HashSet<string> after, bool moreLoosens)
    {
        var effect = after.IsProperSupersetOf(before) == moreLoosens ? Effects.Loosens : Effects.Tightens;
        changes.Value(
            path,
            string.Join(", ", before.Order(StringComparer.Ordinal)),
            string.Join(", ", after.Order(StringComparer.Ordinal)),
            after.IsProperSupersetOf(before) || after.IsProperSubsetOf(before) ? effect : string.Empty);
    }
}
