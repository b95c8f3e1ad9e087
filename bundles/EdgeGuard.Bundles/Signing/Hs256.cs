using System.Security.Cryptography;

namespace EdgeGuard.Bundles.Signing;

/// <summary>HMAC with SHA-256 as JWS uses it (RFC 7518 section 3.2): the one algorithm of signed documents.</summary>
internal static class Hs256
{
    /// <summary>Value of <c>alg</c>.</summary>
    public const string Name = "HS256";

    /// <summary>The authentication code of an input.</summary>
    public static byte[] Compute(SigningKey key, ReadOnlySpan<byte> input) => HMACSHA256.HashData(key.Bytes, input);

    /// <summary>Whether the code is that of the input; takes the same time wherever they differ.</summary>
    public static bool Verify(SigningKey key, ReadOnlySpan<byte> input, ReadOnlySpan<byte> code) =>
        CryptographicOperations.FixedTimeEquals(Compute(key, input), code);
}
