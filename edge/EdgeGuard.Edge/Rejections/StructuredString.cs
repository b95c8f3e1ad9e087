using System.Text;

namespace EdgeGuard.Edge.Rejections;

/// <summary>Strings of structured fields (RFC 9651 section 3.3.3): printable ASCII in quotes, backslash and quote escaped.</summary>
internal static class StructuredString
{
    /// <summary>Quotes a text. What an sf-string cannot hold is percent-encoded as UTF-8, so that different names stay different.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '"' or '\\')
            {
                quoted.Append('\\').Append((char)rune.Value);
            }
            else if (rune.Value is >= 0x20 and <= 0x7e)
            {
                quoted.Append((char)rune.Value);
            }
            else
            {
                var length = rune.EncodeToUtf8(utf8);
                foreach (var b in utf8[..length])
                {
                    quoted.Append('%').Append(b.ToString("X2"));
                }
            }
        }

        return quoted.Append('"').ToString();
    }
}
