namespace EdgeGuard.Edge.Pipeline;

/// <summary>Forms of a request target (RFC 9112 section 3.2).</summary>
internal static class RequestTarget
{
    /// <summary>
    /// The origin form of an absolute form, the target itself otherwise. A server has to take the absolute form; that its authority equals the
    /// Host header has been checked by the server before.
    /// </summary>
    public static ReadOnlySpan<char> OriginForm(ReadOnlySpan<char> target)
    {
        var rest = target;
        if (rest.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
        {
            rest = rest["http://".Length..];
        }
        else if (rest.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            rest = rest["https://".Length..];
        }
        else
        {
            return rest;
        }

        // An absolute form without a path ("http://host" or "http://host?x") stands for "/"; it is rare enough to be refused when it has a query.
        var path = rest.IndexOfAny('/', '?');
        return path < 0 ? "/" : rest[path..];
    }

    /// <summary>
    /// Whether a query can be forwarded as it came: printable ASCII without a fragment. Anything else is no URI (RFC 3986) and would be read
    /// differently by different upstreams.
    /// </summary>
    public static bool IsSafeQuery(ReadOnlySpan<byte> query) =>
        query.IndexOfAnyExceptInRange((byte)'!', (byte)'~') < 0 && query.IndexOf((byte)'#') < 0;
}
