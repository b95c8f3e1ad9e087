using System.Numerics;

namespace EdgeGuard.Bundles.Keys;

/// <summary>
/// Checks that 32 bytes are the one encoding of a point of edwards25519 (RFC 8032 section 5.1.3) of large order. For the eight points of small
/// order signatures can be made that fit any message, and libraries differ in whether they refuse them. All of it is public, so no need for
/// constant time.
/// </summary>
internal static class Ed25519Point
{
    public const int Size = 32;

    private static readonly BigInteger Prime = BigInteger.Pow(2, 255) - 19;
    private static readonly BigInteger D = Mod(-121665 * Inverse(121666));

    /// <summary>Null for a good public key, or what is wrong with it.</summary>
    public static string? Check(ReadOnlySpan<byte> encoded)
    {
        if (encoded.Length != Size)
        {
            return "an Ed25519 key has 32 bytes";
        }

        Span<byte> bytes = stackalloc byte[Size];
        encoded.CopyTo(bytes);
        var isNegative = (bytes[^1] & 0x80) != 0;
        bytes[^1] &= 0x7F;
        var y = new BigInteger(bytes, isUnsigned: true);
        if (y >= Prime)
        {
            return "its point is not written in the one canonical way";
        }

        // The curve: -x^2 + y^2 = 1 + d x^2 y^2, so x^2 = u / v. The denominator is never zero, because -1/d is no square. Nothing is divided: proofs of
        // possession bring a key with each request, and an inverse takes longer than a signature.
        var ySquared = Mod(y * y);
        var u = Mod(ySquared - 1);
        var v = Mod((D * ySquared) + 1);
        if (u.IsZero)
        {
            return isNegative ? "its point is not written in the one canonical way" : "its point is of small order";
        }

        // u / v is a square just when u v is one.
        if (Jacobi(Mod(u * v)) != 1)
        {
            return "its point is not on the curve";
        }

        // y = 0 has order 4. Twice a point of order 8 has y = 0, which is so just when x^2 + y^2 = 0.
        return y.IsZero || Mod(u + (ySquared * v)).IsZero ? "its point is of small order" : null;
    }

    // The symbol of Jacobi over the prime: 1 for squares, -1 for others. By the law of reciprocity, which takes a tenth of what Euler's criterion takes.
    private static int Jacobi(BigInteger value)
    {
        var (a, n, sign) = (value, Prime, 1);
        while (!a.IsZero)
        {
            var zeros = (int)BigInteger.TrailingZeroCount(a);
            a >>= zeros;
            if ((zeros & 1) == 1 && ((int)(n & 7) is 3 or 5))
            {
                sign = -sign;
            }

            if ((int)(a & 3) == 3 && (int)(n & 3) == 3)
            {
                sign = -sign;
            }

            (a, n) = (n % a, a);
        }

        return n.IsOne ? sign : 0;
    }

    private static BigInteger Inverse(BigInteger value) => BigInteger.ModPow(value, Prime - 2, Prime);

    private static BigInteger Mod(BigInteger value)
    {
        var rest = value % Prime;
        return rest.Sign < 0 ? rest + Prime : rest;
    }
}
