namespace EdgeGuard.Engine.Matching;

/// <summary>The digits of percent-encoding (RFC 3986 section 2.1).</summary>
internal static class PercentCoding
{
    /// <summary>Reads the two digits after a percent sign at the start; false when they are not there.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> escape, out byte value)
    {
        value = 0;
        if (escape.Length < 3)
        {
            return false;
        }

        var high = Digit(escape[1]);
        var low = Digit(escape[2]);
        value = (byte)((high << 4) | (low & 0xF));
        return (high | low) >= 0;
    }

    private static int Digit(byte c) => c switch
    {
        >= (byte)'0' and <= (byte)'9' => c - '0',
        >= (byte)'a' and <= (byte)'f' => c - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => c - 'A' + 10,
        _ => -1,
    };
}
