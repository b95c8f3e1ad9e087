using System.Text;

namespace EdgeGuard.Identity.Signatures;

/// <summary>
/// Finds a query parameter as it is signed (RFC 9421 section 2.2.8): names and values decoded as form data and encoded again, so that two spellings of
/// one value have one signature.
/// </summary>
internal static class QueryParameters
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The value; null when no parameter has the name, when several have it (which one counts would be the application's choice), or when a byte of the query is no text.</summary>
    /// <param name="query">Query without its question mark.</param>
    /// <param name="name">Name, encoded as in the signature's parameters.</param>
    public static string? Find(string? query, string name)
    {
        string? found = null;
        foreach (var pair in (query ?? string.Empty).Split('&'))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var key = Encode(equals < 0 ? pair : pair[..equals]);
            if (pair.Length == 0 || !string.Equals(key, name, StringComparison.Ordinal))
            {
                continue;
            }

            if (found is not null || Encode(equals < 0 ? string.Empty : pair[(equals + 1)..]) is not { } value)
            {
                return null;
            }

            found = value;
        }

        return found;
    }

    // The percent-encode set of forms (WHATWG URL), with a blank as %20.
    private static string? Encode(string raw)
    {
        var bytes = Decode(raw);
        try
        {
            Strict.GetCharCount(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }

        var text = new StringBuilder();
        foreach (var b in bytes)
        {
            if (char.IsAsciiLetterOrDigit((char)b) || b is (byte)'*' or (byte)'-' or (byte)'.' or (byte)'_')
            {
                text.Append((char)b);
            }
            else
            {
                text.Append('%').Append("0123456789ABCDEF"[b >> 4]).Append("0123456789ABCDEF"[b & 15]);
            }
        }

        return text.ToString();
    }

    private static byte[] Decode(string raw)
    {
        var bytes = new byte[raw.Length];
        var length = 0;
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] == '%' && i + 2 < raw.Length && char.IsAsciiHexDigit(raw[i + 1]) && char.IsAsciiHexDigit(raw[i + 2]))
            {
                bytes[length++] = (byte)((Convert.FromHexString(raw.AsSpan(i + 1, 2)))[0]);
                i += 2;
            }
            else
            {
                // Targets are ASCII: others were refused before.
                bytes[length++] = raw[i] == '+' ? (byte)' ' : (byte)raw[i];
            }
        }

        return bytes[..length];
    }
}
