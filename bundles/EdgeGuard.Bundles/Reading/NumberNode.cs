using System.Globalization;

namespace EdgeGuard.Bundles.Reading;

/// <summary>
/// A number's literal into a node. Whole numbers that fit 64 bits are integers however they are written (<c>1e3</c>, <c>10.0</c>).
/// Canonical JSON has only IEEE 754 doubles, so a whole number that would come back from it as another one is refused here
/// instead of being changed behind its author's back.
/// </summary>
internal static class NumberNode
{
    private const long MaxExact = 1L << 53;

    /// <summary>Reads a decimal literal: sign, digits, fraction, exponent.</summary>
    public static Node Read(string literal, ReadSession session, int line, int column)
    {
        var location = session.At(line, column);
        if (long.TryParse(literal, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
        {
            if (integer is > MaxExact or < -MaxExact && EcmaNumber.ToInteger(integer) != integer)
            {
                session.Error(
                    ReadingCodes.UnusableNumber,
                    line,
                    column,
                    $"the whole number {literal} cannot be kept exactly (JSON numbers are 64-bit floating point)",
                    "use a number up to 9007199254740992, or one with fewer digits that are not zero");
            }

            return Node.OfInteger(integer, literal, location);
        }

        if (!double.TryParse(literal, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
        {
            session.Error(
                ReadingCodes.UnusableNumber,
                line,
                column,
                $"the number {ReadSession.Shorten(literal)} is out of range",
                "use a number between -1.7e308 and 1.7e308");
            return Node.OfNull(location);
        }

        return EcmaNumber.ToInteger(number) is { } whole
            ? Node.OfInteger(whole, literal, location)
            : Node.OfNumber(number, literal, location);
    }
}
