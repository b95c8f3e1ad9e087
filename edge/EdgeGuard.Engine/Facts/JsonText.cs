using System.Text;

namespace EdgeGuard.Engine.Facts;

/// <summary>Texts of JSON strings, as they are written between their quotes. Lenient: what is no text becomes something, and nothing throws.</summary>
internal static class JsonText
{
    private const int EscapeBytes = 6;

    /// <summary>The UTF-16 code of an escape such as <c>\u00e9</c> at the start of a text; 0xFFFD when it is none.</summary>
    public static int CodeAt(ReadOnlySpan<byte> raw)
    {
        var code = 0;
        for (var i = 2; i < EscapeBytes; i++)
        {
            if (i >= raw.Length || !char.IsAsciiHexDigit((char)raw[i]))
            {
                return Rune.ReplacementChar.Value;
            }

            code = (code << 4) | (raw[i] <= '9' ? raw[i] - '0' : (raw[i] | 0x20) - 'a' + 10);
        }

        return code;
    }

    /// <summary>Resolves escapes. The result is never longer than the text as written.</summary>
    /// <param name="raw">As written.</param>
    /// <param name="text">Where the result goes; as long as the text as written.</param>
    /// <returns>Length of the result.</returns>
    public static int Unescape(ReadOnlySpan<byte> raw, Span<byte> text)
    {
        var length = 0;
        for (var i = 0; i < raw.Length;)
        {
            if (raw[i] != '\\' || i == raw.Length - 1)
            {
                text[length++] = raw[i++];
                continue;
            }

            if (raw[i + 1] != 'u')
            {
                text[length++] = Short(raw[i + 1]);
                i += 2;
                continue;
            }

            var rune = RuneAt(raw[i..], out var used);
            length += rune.EncodeToUtf8(text[length..]);
            i += used;
        }

        return length;
    }

    private static Rune RuneAt(ReadOnlySpan<byte> raw, out int used)
    {
        var code = CodeAt(raw);
        used = Math.Min(EscapeBytes, raw.Length);
        if (Rune.TryCreate(code, out var rune))
        {
            return rune;
        }

        if (char.IsHighSurrogate((char)code) && raw.Length >= 2 * EscapeBytes && raw[EscapeBytes] == '\\' && raw[EscapeBytes + 1] == 'u'
            && Rune.TryCreate((char)code, (char)CodeAt(raw[EscapeBytes..]), out rune))
        {
            used = 2 * EscapeBytes;
            return rune;
        }

        return Rune.ReplacementChar;
    }

    private static byte Short(byte escaped) => escaped switch
    {
        (byte)'n' => (byte)'\n',
        (byte)'r' => (byte)'\r',
        (byte)'t' => (byte)'\t',
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        _ => escaped,
    };
}
