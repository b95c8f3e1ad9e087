using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Schema;

namespace EdgeGuard.Bundles.Diff;

/// <summary>Issuers of one id. More that is accepted loosens.</summary>
internal sealed class IssuerDiff(ChangeList changes) : IChangeComparer<IssuerDefinition>
{
    public string Describe(IssuerDefinition value) => value.Issuer;

    public string EffectOfAdding(IssuerDefinition value) => Effects.Loosens;

    public string EffectOfRemoving(IssuerDefinition value) => Effects.Tightens;

    public void Compare(string path, IssuerDefinition before, IssuerDefinition after)
    {
        changes.Value(path + ".issuer", before.Issuer, after.Issuer);
        Accepted(path + ".audiences", [.. before.Audiences], [.. after.Audiences]);
        Accepted(path + ".algorithms", [.. before.Algorithms], [.. after.Algorithms]);
        changes.Value(path + ".jwks_url", before.JwksUrl, after.JwksUrl);
        changes.Value(path + ".jwks_file", before.JwksFile, after.JwksFile);
        changes.Value(path + ".refresh", DurationText.Format(before.Refresh), DurationText.Format(after.Refresh));
        Duration(path + ".stale_if_error", before.StaleIfError, after.StaleIfError);
        Duration(path + ".clock_skew", before.ClockSkew, after.ClockSkew);
        changes.Value(path + ".token_type", before.TokenType, after.TokenType, after.TokenType is null ? Effects.Loosens : before.TokenType is null ? Effects.Tightens : string.Empty);
    }

    private void Duration(string path, TimeSpan before, TimeSpan after) =>
        changes.Value(path, DurationText.Format(before), DurationText.Format(after), after > before ? Effects.Loosens : Effects.Tightens);

    private void Accepted(string path, HashSet<string> before, HashSet<string> after)
    {
        var effect = after.IsProperSupersetOf(before) ? Effects.Loosens : after.IsProperSubsetOf(before) ? Effects.Tightens : string.Empty;
        changes.Value(path, string.Join(", ", before.Order(StringComparer.Ordinal)), string.Join(", ", after.Order(StringComparer.Ordinal)), effect);
    }
}
