namespace EdgeGuard.Engine.Matching;

/// <summary>
/// The one way a request target becomes the path that is matched and forwarded: query cut off, percent-decoded once, dot segments removed
/// (RFC 3986 section 5.2.4). What stays ambiguous is refused: encoded slash, backslash or NUL, bad escapes, invalid UTF-8, no leading slash.
/// </summary>
public static class PathCanonicalizer
{
    /// <summary>Longest target in bytes.</summary>
    public const int MaxTargetBytes = 8192;

    /// <summary>Canonicalizes a target in origin form, for example <c>/a/../b?x=1</c>.</summary>
    /// <param name="target">Target as received.</param>
    /// <param name="destination">At least as long as the target.</param>
    /// <param name="written">Length of the canonical path.</param>
    /// <param name="queryStart">Index in <paramref name="target"/> after the <c>?</c>, or -1 without a query.</param>
    /// <returns>False when the target has to be refused with <c>malformed_request</c>.</returns>
    public static bool TryCanonicalize(ReadOnlySpan<byte> target, Span<byte> destination, out int written, out int queryStart) =>
        throw new NotImplementedException();

    /// <summary>Percent-encodes a canonical path for forwarding: the exact inverse of the decoding, with what RFC 3986 wants escaped.</summary>
    public static string ToTarget(ReadOnlySpan<byte> canonicalPath) => throw new NotImplementedException();
}
