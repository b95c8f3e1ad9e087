using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Identity;

/// <summary>Tells what stayed the same between two bundles. Records with arrays in them do not: they compare the arrays by reference.</summary>
internal static class IssuerComparison
{
    /// <summary>Whether the key set of one serves the other.</summary>
    public static bool HaveSameKeySource(IssuerDefinition one, IssuerDefinition other) =>
        one.Id == other.Id
        && one.JwksUrl == other.JwksUrl
        && one.JwksFile == other.JwksFile
        && one.DiscoveryUrl == other.DiscoveryUrl
        && one.Issuer == other.Issuer
        && one.Keys.SequenceEqual(other.Keys)
        && one.Refresh == other.Refresh
        && one.StaleIfError == other.StaleIfError;

    /// <summary>Whether both verify the same tokens with the same keys.</summary>
    public static bool AreSame(IReadOnlyDictionary<string, Issuer> one, IReadOnlyDictionary<string, Issuer> other) =>
        one.Count == other.Count
        && one.All(pair => other.TryGetValue(pair.Key, out var issuer) && issuer.Keys == pair.Value.Keys && AreSame(issuer.Definition, pair.Value.Definition));

    private static bool AreSame(IssuerDefinition one, IssuerDefinition other) =>
        HaveSameKeySource(one, other)
        && one.ClockSkew == other.ClockSkew
        && one.TokenType == other.TokenType
        && one.ScopeClaim == other.ScopeClaim
        && one.OrganizationClaim == other.OrganizationClaim
        && one.MaxAge == other.MaxAge
        && one.MaxLifetime == other.MaxLifetime
        && one.MaxTokenBytes == other.MaxTokenBytes
        && one.Binding == other.Binding
        && one.RequiredClaims.SequenceEqual(other.RequiredClaims)
        && one.Audiences.SequenceEqual(other.Audiences, StringComparer.Ordinal)
        && one.Algorithms.SequenceEqual(other.Algorithms, StringComparer.Ordinal);
}
