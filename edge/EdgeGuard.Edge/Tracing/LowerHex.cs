namespace EdgeGuard.Edge.Tracing;

/// <summary>Hexadecimal numbers of a fixed width in lower case only, as W3C Trace Context wants them.</summary>
internal static class LowerHex
{
    /// <summary>Reads exactly so many digits, at most 32.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, int digits, out UInt128 value)
    {
        value = UInt128.Zero;
        if (text.Length != digits)
        {
            return false;
        }

        foreach (var c in text)
        {
            if (!char.IsAsciiHexDigitLower(c))
            {
                value = UInt128.Zero;
                return false;
            }

            value = (value << 4) | (uint)(c <= '9' ? c - '0' : c - 'a' + 10);
        }

        return true;
    }
}
