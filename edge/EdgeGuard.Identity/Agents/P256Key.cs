using System.Collections.Concurrent;
using System.Security.Cryptography;
using PublicKey = EdgeGuard.Bundles.Keys.PublicKey;

namespace EdgeGuard.Identity.Agents;

/// <summary>A key on P-256 for ECDSA with SHA-256. Signatures are the two numbers one behind the other, 64 bytes (RFC 9421 section 3.3.4).</summary>
internal sealed class P256Key(PublicKey key) : IAgentKey
{
    // One object is not said to be thread-safe; to make one takes longer than to verify.
    private readonly ConcurrentBag<ECDsa> _idle = [];

    /// <inheritdoc />
    public int SignatureBytes => 64;

    /// <inheritdoc />
    public bool Verifies(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != SignatureBytes)
        {
            return false;
        }

        try
        {
            if (!_idle.TryTake(out var ecdsa))
            {
                ecdsa = ECDsa.Create(new ECParameters
                {
                    Curve = ECCurve.NamedCurves.nistP256,
                    Q = new ECPoint { X = key.First.ToArray(), Y = key.Second.ToArray() },
                });
            }

            var fits = ecdsa.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
            _idle.Add(ecdsa);
            return fits;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
