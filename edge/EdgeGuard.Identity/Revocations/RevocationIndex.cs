using System.Collections.Frozen;
using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Identity.Revocations;

/// <summary>Revocations as they are looked up. Immutable; a look-up does not allocate.</summary>
internal sealed class RevocationIndex
{
    public static readonly RevocationIndex Empty = new(RevocationsDefinition.None, RevocationsDefinition.None);

    private readonly FrozenDictionary<string, long> _organizations;
    private readonly FrozenDictionary<string, long> _subjects;
    private readonly FrozenDictionary<string, long> _keys;
    private readonly FrozenSet<string> _tokenIds;

    /// <summary>An index of both sets; of two times for one name the later counts.</summary>
    public RevocationIndex(RevocationsDefinition bundle, RevocationsDefinition pushed)
    {
        var all = bundle.TokensValidAfter.Concat(pushed.TokensValidAfter).ToList();
        _organizations = Of(all, RevokedKind.Organization);
        _subjects = Of(all, RevokedKind.Subject);
        _keys = Of(all, RevokedKind.Key);
        _tokenIds = bundle.TokenIds.Concat(pushed.TokenIds).ToFrozenSet(StringComparer.Ordinal);
        IsEmpty = all.Count == 0 && _tokenIds.Count == 0;
    }

    /// <summary>Whether nothing is revoked.</summary>
    public bool IsEmpty { get; }

    /// <summary>Whether a credential is void, however well it was verified.</summary>
    public bool Revokes(Credential credential)
    {
        if (IsEmpty)
        {
            return false;
        }

        var issued = credential.IssuedAt?.UtcTicks ?? long.MinValue;
        return (credential.TokenId is { } id && _tokenIds.Contains(id))
            || IsAfter(_organizations, credential.Organization, issued)
            || IsAfter(_subjects, credential.Subject, issued)
            || (credential.Kind == CredentialKinds.ApiKey && IsAfter(_keys, credential.SourceId, issued));
    }

    // A credential that does not say when it was issued counts as older than every time.
    private static bool IsAfter(FrozenDictionary<string, long> times, string? name, long issued) =>
        name is not null && times.TryGetValue(name, out var time) && issued < time;

    private static FrozenDictionary<string, long> Of(List<TokensValidAfter> all, RevokedKind kind) => all
        .Where(item => item.Kind == kind)
        .GroupBy(item => item.Value, StringComparer.Ordinal)
        .ToFrozenDictionary(group => group.Key, group => group.Max(item => item.Time.UtcTicks), StringComparer.Ordinal);
}
