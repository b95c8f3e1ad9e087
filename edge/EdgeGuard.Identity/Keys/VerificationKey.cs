using System.Collections.Immutable;
using System.Security.Cryptography;
using EdgeGuard.Bundles.Keys;
using EdgeGuard.Identity.Crypto;
using Microsoft.IdentityModel.Tokens;
using PublicKey = EdgeGuard.Bundles.Keys.PublicKey;

namespace EdgeGuard.Identity.Keys;

/// <summary>A public key of an issuer, with what it may be used for. Thread-safe.</summary>
internal sealed class VerificationKey
{
    private readonly PublicKey _public;
    private readonly SecurityKey? _framework;

    private VerificationKey(string? id, PublicKey key, SecurityKey? framework)
    {
        Id = id;
        _public = key;
        _framework = framework;
    }

    /// <summary>Its <c>kid</c>, or null.</summary>
    public string? Id { get; }

    /// <summary>The key itself.</summary>
    public PublicKey Public => _public;

    /// <summary>Algorithms that fit its type and, where it names one, only that.</summary>
    public ImmutableArray<string> Algorithms => _public.Algorithms;

    /// <summary>Type and public numbers, to tell whether a key set changed.</summary>
    public string Fingerprint => _public.Fingerprint;

    /// <summary>The type, by which two keys of one id are told apart (RFC 7517 section 4.5).</summary>
    public PublicKeyKind Kind => _public.Kind;

    /// <summary>A key ready for use, or null with the reason when this machine cannot verify with it.</summary>
    /// <param name="id">Its <c>kid</c>, or null.</param>
    /// <param name="key">The key.</param>
    /// <param name="why">The reason; empty when there is none.</param>
    public static VerificationKey? Create(string? id, PublicKey key, out string why)
    {
        why = key.Kind == PublicKeyKind.Ed25519 ? Ed25519.Problem ?? string.Empty : string.Empty;
        return why.Length == 0 ? new VerificationKey(id, key, ForFramework(id, key)) : null;
    }

    /// <summary>Whether a signature fits. Never throws.</summary>
    /// <param name="algorithm">One of <see cref="Algorithms"/>.</param>
    /// <param name="data">What was signed.</param>
    /// <param name="signature">The signature.</param>
    public bool Verifies(string algorithm, ArraySegment<byte> data, byte[] signature)
    {
        if (!Algorithms.Contains(algorithm, StringComparer.Ordinal))
        {
            return false;
        }

        if (_framework is null)
        {
            return Ed25519.Verify(_public.First.Span, data, signature);
        }

        try
        {
            // Kept by the factory for each key and algorithm, with as many native keys as threads need.
            var factory = _framework.CryptoProviderFactory;
            var provider = factory.CreateForVerifying(_framework, algorithm);
            try
            {
                return provider.Verify(data.Array, data.Offset, data.Count, signature, 0, signature.Length);
            }
            finally
            {
                factory.ReleaseSignatureProvider(provider);
            }
        }
        catch (Exception problem) when (problem is CryptographicException or ArgumentException or InvalidOperationException or NotSupportedException or SecurityTokenException)
        {
            return false;
        }
    }

    private static SecurityKey? ForFramework(string? id, PublicKey key) => key.Kind switch
    {
        PublicKeyKind.Ed25519 => null,
        PublicKeyKind.Rsa => new RsaSecurityKey(new RSAParameters { Modulus = key.First.ToArray(), Exponent = key.Second.ToArray() }) { KeyId = id },

        // As a JWK the framework makes an ECDsa of its own for each user: one shared object is not said to be thread-safe.
        _ => new JsonWebKey
        {
            Kty = "EC",
            Crv = key.Kind switch { PublicKeyKind.EcP256 => "P-256", PublicKeyKind.EcP384 => "P-384", _ => "P-521" },
            X = Base64UrlEncoder.Encode(key.First.ToArray()),
            Y = Base64UrlEncoder.Encode(key.Second.ToArray()),
            KeyId = id,
        },
    };
}
