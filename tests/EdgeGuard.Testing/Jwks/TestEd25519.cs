using System.Numerics;
using System.Security.Cryptography;

namespace EdgeGuard.Testing;

/// <summary>
/// Ed25519 as RFC 8032 section 5.1 writes it down, with whole numbers of any size: slow, leaking time, and independent of the library that the
/// product verifies with. For tests only.
/// </summary>
public static class TestEd25519
{
    private static readonly BigInteger P = BigInteger.Pow(2, 255) - 19;
    private static readonly BigInteger L = BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493", System.Globalization.CultureInfo.InvariantCulture);
    private static readonly BigInteger D = Mod(-121665 * Inverse(121666));
    private static readonly BigInteger BaseY = Mod(4 * Inverse(5));
    private static readonly Point Base = new(RecoverX(BaseY), BaseY);

    /// <summary>The public key of a seed of 32 bytes.</summary>
    public static byte[] PublicKey(byte[] seed) => Encode(Multiply(Base, Expand(seed).Scalar));

    /// <summary>A signature of 64 bytes.</summary>
    public static byte[] Sign(byte[] seed, byte[] data)
    {
        (BigInteger scalar, byte[] prefix) = Expand(seed);
        BigInteger r = Number(SHA512.HashData([.. prefix, .. data])) % L;
        byte[] first = Encode(Multiply(Base, r));
        BigInteger k = Number(SHA512.HashData([.. first, .. PublicKey(seed), .. data])) % L;
        return [.. first, .. Bytes((r + (k * scalar)) % L)];
    }

    private static (BigInteger Scalar, byte[] Prefix) Expand(byte[] seed)
    {
        byte[] hash = SHA512.HashData(seed);
        byte[] low = hash[..32];
        low[0] &= 0xF8;
        low[31] &= 0x7F;
        low[31] |= 0x40;
        return (Number(low), hash[32..]);
    }

    private static Point Multiply(Point point, BigInteger scalar)
    {
        Point sum = new(0, 1);
        for (long bit = scalar.GetBitLength() - 1; bit >= 0; bit--)
        {
            sum = Add(sum, sum);
            if (!(scalar >> (int)bit).IsEven)
            {
                sum = Add(sum, point);
            }
        }

        return sum;
    }

    private static Point Add(Point a, Point b)
    {
        BigInteger product = Mod(D * a.X * b.X % P * a.Y * b.Y);
        return new Point(
            Mod(((a.X * b.Y) + (a.Y * b.X)) * Inverse(1 + product)),
            Mod(((a.Y * b.Y) + (a.X * b.X)) * Inverse(1 - product)));
    }

    private static BigInteger RecoverX(BigInteger y)
    {
        BigInteger square = Mod(((y * y) - 1) * Inverse((D * y * y) + 1));
        BigInteger x = BigInteger.ModPow(square, (P + 3) / 8, P);
        if (Mod((x * x) - square) != 0)
        {
            x = Mod(x * BigInteger.ModPow(2, (P - 1) / 4, P));
        }

        return x.IsEven ? x : P - x;
    }

    private static byte[] Encode(Point point)
    {
        byte[] bytes = Bytes(point.Y);
        bytes[31] |= point.X.IsEven ? (byte)0 : (byte)0x80;
        return bytes;
    }

    private static byte[] Bytes(BigInteger number)
    {
        byte[] bytes = new byte[32];
        number.TryWriteBytes(bytes, out _, isUnsigned: true);
        return bytes;
    }

    private static BigInteger Number(byte[] bytes) => new(bytes, isUnsigned: true);

    private static BigInteger Inverse(BigInteger value) => BigInteger.ModPow(Mod(value), P - 2, P);

    private static BigInteger Mod(BigInteger value)
    {
        BigInteger rest = value % P;
        return rest.Sign < 0 ? rest + P : rest;
    }

    private readonly record struct Point(BigInteger X, BigInteger Y);
}
