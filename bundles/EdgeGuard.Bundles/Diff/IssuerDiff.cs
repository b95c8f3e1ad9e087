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
        changes.Value(path + ".discovery_url", before.DiscoveryUrl, after.DiscoveryUrl);
        Accepted(path + ".keys", [.. before.Keys.Select(Key)], [.. after.Keys.Select(Key)]);
        changes.Value(path + ".refresh", DurationText.Format(before.Refresh), DurationText.Format(after.Refresh));
        Duration(path + ".stale_if_error", before.StaleIfError, after.StaleIfError);
        Duration(path + ".clock_skew", before.ClockSkew, after.ClockSkew);
        changes.Value(path + ".token_type", before.TokenType, after.TokenType, after.TokenType is null ? Effects.Loosens : before.TokenType is null ? Effects.Tightens : string.Empty);
        Demanded(path + ".required_claims", [.. before.RequiredClaims.Select(Claim)], [.. after.RequiredClaims.Select(Claim)]);
        changes.Value(path + ".scope_claim", before.ScopeClaim, after.ScopeClaim);
        changes.Value(path + ".organization_claim", before.OrganizationClaim, after.OrganizationClaim);
        Bound(path + ".max_age", before.MaxAge, after.MaxAge);
        Bound(path + ".max_lifetime", before.MaxLifetime, after.MaxLifetime);
        changes.Number(path + ".max_token_bytes", before.MaxTokenBytes, after.MaxTokenBytes);
        new BindingDiff(changes).Compare(path + ".binding", before.Binding, after.Binding);
    }

    // Keys are told apart, never shown.
    private static string Key(InlineKeyDefinition key) =>
        $"{key.KeyId} {Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key.PublicKey)))[..16]}";

    private static string Claim(KeyValuePair<string, string> claim) => $"{claim.Key}={claim.Value}";

    // None is no bound at all.
    private void Bound(string path, TimeSpan? before, TimeSpan? after) => changes.Value(
        path,
        before is { } was ? DurationText.Format(was) : null,
        after is { } now ? DurationText.Format(now) : null,
        (after ?? TimeSpan.MaxValue) > (before ?? TimeSpan.MaxValue) ? Effects.Loosens : Effects.Tightens);

    private void Demanded(string path, HashSet<string> before, HashSet<string> after)
    {
        var effect = after.IsProperSupersetOf(before) ? Effects.Tightens : after.IsProperSubsetOf(before) ? Effects.Loosens : string.Empty;
        changes.Value(path, List(before), List(after), effect);
    }

    private static string? List(HashSet<string> values) => values.Count == 0 ? null : string.Join(", ", values.Order(StringComparer.Ordinal));

    private void Duration(string path, TimeSpan before, TimeSpan after) =>
        changes.Value(path, DurationText.Format(before), DurationText.Format(after), after > before ? Effects.Loosens : Effects.Tightens);

    private void Accepted(string path, HashSet<string> before, HashSet<string> after)
    {
        var effect = after.IsProperSupersetOf(before) ? Effects.Loosens : after.IsProperSubsetOf(before) ? Effects.Tightens : string.Empty;
        changes.Value(path, List(before), List(after), effect);
    }
}
