using System.Globalization;
using System.Text;

namespace EdgeGuard.Bundles.Reading;

/// <summary>Numbers as ECMAScript prints them (ECMA-262 Number::toString, radix 10), which RFC 8785 section 3.2.2.3 asks for.</summary>
internal static class EcmaNumber
{
    /// <summary>The text of a finite number.</summary>
    public static string Format(double value)
    {
        if (value == 0)
        {
            return "0";
        }

        // "E16" would not be the shortest; "R" gives the shortest digits that read back as the same number, in one of two layouts.
        var (digits, exponent) = Split(Math.Abs(value).ToString("R", CultureInfo.InvariantCulture));
        var text = new StringBuilder(32);
        if (value < 0)
        {
            text.Append('-');
        }

        // The value is 0.digits times ten to the exponent; the four layouts are steps 6 to 10 of Number::toString.
        if (digits.Length <= exponent && exponent <= 21)
        {
            text.Append(digits).Append('0', exponent - digits.Length);
        }
        else if (exponent is > 0 and <= 21)
        {
            text.Append(digits, 0, exponent).Append('.').Append(digits, exponent, digits.Length - exponent);
        }
        else if (exponent is > -6 and <= 0)
        {
            text.Append("0.").Append('0', -exponent).Append(digits);
        }
        else
        {
            text.Append(digits[0]);
            if (digits.Length > 1)
            {
                text.Append('.').Append(digits, 1, digits.Length - 1);
            }

            text.Append('e').Append(exponent > 0 ? '+' : '-').Append(CultureInfo.InvariantCulture, $"{Math.Abs(exponent - 1)}");
        }

        return text.ToString();
    }

    /// <summary>The whole number that a double prints as, or null when it prints as none that fits 64 bits.</summary>
    public static long? ToInteger(double value)
    {
        const double Exact = 1L << 53;
        if (value is >= -Exact and <= Exact)
        {
            return value == Math.Truncate(value) ? (long)value : null;
        }

        return long.TryParse(Format(value), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole : null;
    }

    private static (string Digits, int Exponent) Split(string text)
    {
        var exponent = 0;
        var mantissa = text;
        var e = text.IndexOf('E', StringComparison.Ordinal);
        if (e >= 0)
        {
            exponent = int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            mantissa = text[..e];
        }

        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        exponent += point < 0 ? mantissa.Length : point;
        var digits = point < 0 ? mantissa : mantissa.Remove(point, 1);
        var leading = digits.Length - digits.TrimStart('0').Length;
        return (digits.Trim('0'), exponent - leading);
    }
}
