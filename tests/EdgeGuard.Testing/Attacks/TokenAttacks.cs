using System.Collections.Immutable;

namespace EdgeGuard.Testing.Attacks;

/// <summary>Every hostile token that is tried, by name.</summary>
public static class TokenAttacks
{
    public static ImmutableArray<TokenAttack> All { get; } =
    [
        .. AlgorithmAttacks.All,
        .. SignatureAttacks.All,
        .. KeyAttacks.All,
        .. ClaimAttacks.All,
        .. TimeAttacks.All,
        .. HeaderAttacks.All,
        .. JsonAttacks.All,
        .. EncodingAttacks.All,
    ];
}
