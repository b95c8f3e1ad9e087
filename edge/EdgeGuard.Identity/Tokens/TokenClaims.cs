using System.Collections.Frozen;

namespace EdgeGuard.Identity.Tokens;

/// <summary>A token's claims by path.</summary>
/// <param name="Values">Scalars as text.</param>
/// <param name="Lists">Lists of scalars.</param>
/// <param name="Weight">About how many bytes they take.</param>
internal sealed record TokenClaims(FrozenDictionary<string, string> Values, FrozenDictionary<string, FrozenSet<string>> Lists, int Weight)
{
    public static TokenClaims None { get; } = new(FrozenDictionary<string, string>.Empty, FrozenDictionary<string, FrozenSet<string>>.Empty, 0);
}
