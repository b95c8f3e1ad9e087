using System.Buffers;
using System.Globalization;
using System.Text;

namespace EdgeGuard.Identity.Signatures;

/// <summary>
/// What a signature may cover of a request's line and host, in the form in which it is signed (RFC 9421 section 2.2): the authority in lower case and
/// without the scheme's default port, everything else as received, before anything is decoded.
/// </summary>
/// <param name="Method">Method as received.</param>
/// <param name="Scheme"><c>http</c> or <c>https</c>.</param>
/// <param name="Authority">Host and, where it is not the default, port.</param>
/// <param name="Path">Path; a slash for an empty one.</param>
/// <param name="Query">Query without its question mark, or null when there is none.</param>
/// <param name="Target">Request target as received.</param>
internal sealed record RequestParts(string Method, string Scheme, string Authority, string Path, string? Query, string Target)
{
    private static readonly SearchValues<char> NotInAuthority = SearchValues.Create("/?#@ \t");

    /// <summary>The whole address.</summary>
    public string TargetUri => Query is null ? $"{Scheme}://{Authority}{Path}" : $"{Scheme}://{Authority}{Path}?{Query}";

    /// <summary>The parts, or null for a request without host, or whose target is neither path nor address of that host.</summary>
    public static RequestParts? Of(IIncomingRequest request)
    {
        var scheme = request.Scheme;
        var authority = Normalize(request.Authority, scheme);
        var target = request.Target;
        var rest = target.AsSpan();
        if (authority is null || rest.IsEmpty || rest.IndexOfAnyExceptInRange('!', '~') >= 0 || rest.Contains('#'))
        {
            return null;
        }

        if (rest[0] != '/' && target != "*")
        {
            // An absolute target (RFC 9112 section 3.2.2) names the host once more; it has to be the same one.
            var start = rest.IndexOf("://");
            if (start < 0 || !rest[..start].Equals(scheme, StringComparison.OrdinalIgnoreCase))
            {
                return null;
            }

            rest = rest[(start + 3)..];
            var end = rest.IndexOfAny('/', '?');
            end = end < 0 ? rest.Length : end;
            if (Normalize(rest[..end].ToString(), scheme) != authority)
            {
                return null;
            }

            rest = rest[end..];
        }

        var mark = rest.IndexOf('?');
        var path = mark < 0 ? rest : rest[..mark];
        return new RequestParts(
            request.Method,
            scheme,
            authority,
            path.IsEmpty ? "/" : path.ToString(),
            mark < 0 ? null : rest[(mark + 1)..].ToString(),
            target);
    }

    /// <summary>An authority in lower case and without its scheme's default port; null for what is none.</summary>
    public static string? Normalize(string authority, string scheme)
    {
        if (authority.Length == 0 || authority.AsSpan().ContainsAny(NotInAuthority) || !Ascii.IsValid(authority))
        {
            return null;
        }

        var lower = authority.ToLowerInvariant();
        var colon = lower.LastIndexOf(':');
        if (colon < 0 || lower[^1] == ']')
        {
            return lower;
        }

        var port = lower.AsSpan(colon + 1);
        if (port.IsEmpty)
        {
            return lower[..colon];
        }

        return int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 65_535
            ? number == (scheme == "https" ? 443 : 80) ? lower[..colon] : string.Create(CultureInfo.InvariantCulture, $"{lower[..colon]}:{number}")
            : null;
    }
}
