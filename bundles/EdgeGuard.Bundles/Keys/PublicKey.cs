using System.Collections.Immutable;

namespace EdgeGuard.Bundles.Keys;

/// <summary>A public key whose numbers have been checked. Made by <see cref="PublicKeyReader"/> only.</summary>
public sealed class PublicKey
{
    private static readonly ImmutableArray<string> RsaAlgorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];

    internal PublicKey(PublicKeyKind kind, byte[] first, byte[] second, string? keyId, string? algorithm)
    {
        Kind = kind;
        First = first;
        Second = second;
        KeyId = keyId;
        Algorithms = algorithm is null ? AlgorithmsOf(kind) : [algorithm];
    }

    public PublicKeyKind Kind { get; }

    /// <summary>RSA: the modulus. EC: the x coordinate, of the field's full length. Ed25519: the public key (RFC 8032 section 5.1.5).</summary>
    public ReadOnlyMemory<byte> First { get; }

    /// <summary>RSA: the exponent. EC: the y coordinate. Ed25519: empty.</summary>
    public ReadOnlyMemory<byte> Second { get; }

    /// <summary>Its <c>kid</c>, or null.</summary>
    public string? KeyId { get; }

    /// <summary>JOSE algorithms that fit its kind; where its <c>alg</c> names one, only that.</summary>
    public ImmutableArray<string> Algorithms { get; }

    /// <summary>Kind and numbers as text; equal for equal keys. Public, like the key.</summary>
    public string Fingerprint => $"{Kind} {Convert.ToHexString(First.Span)} {Convert.ToHexString(Second.Span)}";

    /// <summary>JOSE algorithms that fit a kind.</summary>
    public static ImmutableArray<string> AlgorithmsOf(PublicKeyKind kind) => kind switch
    {
        PublicKeyKind.Rsa => RsaAlgorithms,
        PublicKeyKind.EcP256 => ["ES256"],
        PublicKeyKind.EcP384 => ["ES384"],
        PublicKeyKind.EcP521 => ["ES512"],
        _ => ["EdDSA"],
    };
}
