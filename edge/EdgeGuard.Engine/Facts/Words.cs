namespace EdgeGuard.Engine.Facts;

/// <summary>Words of a text: runs of letters, digits, everything beyond ASCII, and what holds a time or a name together.</summary>
internal static class Words
{
    /// <summary>Takes the next word off a text.</summary>
    public static bool TryNext(ref ReadOnlySpan<byte> text, out ReadOnlySpan<byte> word)
    {
        var start = 0;
        while (start < text.Length && !IsPart(text[start]))
        {
            start++;
        }

        var end = start;
        while (end < text.Length && IsPart(text[end]))
        {
            end++;
        }

        word = text[start..end].TrimEnd(".:-"u8);
        text = text[end..];
        return start < end;
    }

    private static bool IsPart(byte b) => b >= 0x80 || char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)':' or (byte)'.' or (byte)'_';
}
