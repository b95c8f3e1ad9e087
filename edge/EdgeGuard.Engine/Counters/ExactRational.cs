using System.Globalization;
using System.Numerics;

namespace EdgeGuard.Engine.Counters;

/// <summary>A number as its author wrote it: 0.1 is one tenth and not the nearest binary fraction. For compile time only.</summary>
internal readonly record struct ExactRational(BigInteger Numerator, BigInteger Denominator)
{
    /// <summary>The shortest decimal that reads back as this number; not negative and finite.</summary>
    public static ExactRational FromDouble(double value)
    {
        var shortest = value.ToString("R", CultureInfo.InvariantCulture);
        var exponent = 0;
        var mantissa = shortest;
        var e = shortest.IndexOf('E', StringComparison.Ordinal);
        if (e >= 0)
        {
            exponent = int.Parse(shortest.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            mantissa = shortest[..e];
        }

        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        if (point >= 0)
        {
            exponent -= mantissa.Length - point - 1;
            mantissa = mantissa.Remove(point, 1);
        }

        var digits = BigInteger.Parse(mantissa, NumberStyles.None, CultureInfo.InvariantCulture);
        return exponent >= 0
            ? new ExactRational(digits * BigInteger.Pow(10, exponent), BigInteger.One)
            : Reduced(digits, BigInteger.Pow(10, -exponent));
    }

    /// <summary>This number times a whole one, rounded down.</summary>
    public BigInteger TimesDown(BigInteger factor) => Numerator * factor / Denominator;

    /// <summary>This number times a whole one, rounded up.</summary>
    public BigInteger TimesUp(BigInteger factor) => ((Numerator * factor) + Denominator - 1) / Denominator;

    private static ExactRational Reduced(BigInteger numerator, BigInteger denominator)
    {
        var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator);
        return new ExactRational(numerator / divisor, denominator / divisor);
    }
}
