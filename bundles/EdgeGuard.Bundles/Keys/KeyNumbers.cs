using System.Security.Cryptography;

namespace EdgeGuard.Bundles.Keys;

/// <summary>Checks the numbers of RSA and EC public keys.</summary>
internal static class KeyNumbers
{
    // RFC 7518 section 3.3, RFC 8725 section 3.5.
    private const int MinRsaBits = 2048;

    // Verifying grows with the square of the size; nobody signs with more.
    private const int MaxRsaBits = 8192;

    // F4 has three bytes. A long exponent makes verifying as dear as signing.
    private const int MaxExponentBytes = 4;

    /// <summary>Null for a good key, or what is wrong with it.</summary>
    public static string? CheckRsa(byte[] modulus, byte[] exponent)
    {
        if (exponent.Length is 0 or > MaxExponentBytes || (exponent[^1] & 1) == 0 || exponent.AsSpan().TrimStart((byte)0) is [< 3])
        {
            return "its exponent is not an odd number from 3 to 2^32";
        }

        if (modulus.Length == 0 || (modulus[^1] & 1) == 0)
        {
            return "its modulus is no odd number";
        }

        if (modulus.Length > (MaxRsaBits / 8) + 1)
        {
            return $"an RSA key has {MinRsaBits} to {MaxRsaBits} bits, this one more";
        }

        try
        {
            using var rsa = RSA.Create(new RSAParameters { Modulus = modulus, Exponent = exponent });
            return rsa.KeySize is < MinRsaBits or > MaxRsaBits ? $"an RSA key has {MinRsaBits} to {MaxRsaBits} bits, this one {rsa.KeySize}" : null;
        }
        catch (CryptographicException)
        {
            return "its numbers are no valid key";
        }
    }

    /// <summary>Null for a good key, or what is wrong with it.</summary>
    public static string? CheckEc(PublicKeyKind kind, byte[] x, byte[] y)
    {
        var (curve, size) = CurveOf(kind);

        // RFC 7518 section 6.2.1.2: a coordinate has the full length of the field.
        if (x.Length != size || y.Length != size)
        {
            return $"x and y of this curve have {size} bytes each";
        }

        try
        {
            // Throws for a point that is not on the curve. These curves have no points of small order.
            using var ec = ECDsa.Create(new ECParameters { Curve = curve, Q = new ECPoint { X = x, Y = y } });
            return null;
        }
        catch (Exception problem) when (problem is CryptographicException or ArgumentException or PlatformNotSupportedException)
        {
            return "its numbers are no valid key";
        }
    }

    /// <summary>The curve of a kind of EC key, and the bytes of its field.</summary>
    public static (ECCurve Curve, int Size) CurveOf(PublicKeyKind kind) => kind switch
    {
        PublicKeyKind.EcP256 => (ECCurve.NamedCurves.nistP256, 32),
        PublicKeyKind.EcP384 => (ECCurve.NamedCurves.nistP384, 48),
        PublicKeyKind.EcP521 => (ECCurve.NamedCurves.nistP521, 66),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
