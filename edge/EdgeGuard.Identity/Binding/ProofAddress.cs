using System.Text;
using EdgeGuard.Identity.Signatures;

namespace EdgeGuard.Identity.Binding;

/// <summary>
/// Compares the address in a proof with that of a request (RFC 9449 section 4.3): without query and fragment, and after the normalization of RFC 3986
/// sections 6.2.2 and 6.2.3 that cannot change what is meant: case of scheme, host and escapes, default port, escapes that need not be.
/// </summary>
internal static class ProofAddress
{
    /// <summary>Whether a proof's address is that of a request.</summary>
    public static bool IsOf(string address, RequestParts parts)
    {
        var start = address.IndexOf("://", StringComparison.Ordinal);
        if (start < 0 || !address.AsSpan(0, start).Equals(parts.Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var rest = address[(start + 3)..];
        var end = rest.AsSpan().IndexOfAny('?', '#');
        rest = end < 0 ? rest : rest[..end];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var authority = RequestParts.Normalize(slash < 0 ? rest : rest[..slash], parts.Scheme);
        return authority == parts.Authority && Normalize(slash < 0 ? "/" : rest[slash..]) == Normalize(parts.Path);
    }

    private static string Normalize(string path)
    {
        if (!path.Contains('%', StringComparison.Ordinal))
        {
            return path;
        }

        var text = new StringBuilder(path.Length);
        for (var i = 0; i < path.Length; i++)
        {
            if (path[i] != '%' || i + 2 >= path.Length || !char.IsAsciiHexDigit(path[i + 1]) || !char.IsAsciiHexDigit(path[i + 2]))
            {
                text.Append(path[i]);
                continue;
            }

            var value = (char)Convert.FromHexString(path.AsSpan(i + 1, 2))[0];
            if (char.IsAsciiLetterOrDigit(value) || value is '-' or '.' or '_' or '~')
            {
                text.Append(value);
            }
            else
            {
                text.Append(path.AsSpan(i, 3).ToString().ToUpperInvariant());
            }

            i += 2;
        }

        return text.ToString();
    }
}
