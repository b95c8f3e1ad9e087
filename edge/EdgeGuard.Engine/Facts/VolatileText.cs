namespace EdgeGuard.Engine.Facts;

/// <summary>Texts that differ from request to request and mean nothing, told by their looks.</summary>
/// <remarks>Only times: ids and hashes look alike too, but they may be what a request is about. Those are told by their member's name.</remarks>
internal static class VolatileText
{
    /// <summary>Whether a text begins as a time of RFC 3339 does, such as <c>2026-01-31T12:00</c>, and holds little more.</summary>
    public static bool IsTime(ReadOnlySpan<byte> text)
    {
        const string Shape = "dddd-dd-ddtdd:dd";
        if (text.Length < Shape.Length || text.Length > 40)
        {
            return false;
        }

        for (var i = 0; i < Shape.Length; i++)
        {
            var holds = Shape[i] switch
            {
                'd' => char.IsAsciiDigit((char)text[i]),
                't' => text[i] is (byte)'T' or (byte)'t' or (byte)' ',
                var c => text[i] == c,
            };
            if (!holds)
            {
                return false;
            }
        }

        return true;
    }
}
