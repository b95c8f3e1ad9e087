using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace EdgeGuard.Engine.Matching;

/// <summary>
/// The one way a request target becomes the path that is matched and forwarded: query cut off, percent-decoded once, dot segments removed
/// (RFC 3986 section 5.2.4). What stays ambiguous is refused: encoded slash, backslash or NUL, bad escapes, invalid UTF-8, no leading slash.
/// </summary>
/// <remarks>
/// Only the origin form of RFC 9112 section 3.2.1 is a path: absolute form, authority form and <c>*</c> have no leading slash and are refused.
/// Refused as well, because two readers could disagree on them: bare control characters and spaces, a bare backslash, and a fragment.
/// Empty segments (<c>//</c>) stay as they are, except that prefixes match as if they were not there.
/// </remarks>
public static class PathCanonicalizer
{
    /// <summary>Longest target in bytes.</summary>
    public const int MaxTargetBytes = 8192;

    // pchar of RFC 3986 section 3.3, and the slash. Everything else is escaped for forwarding.
    private static readonly SearchValues<byte> Plain = SearchValues.Create(
        "/ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@"u8);

    /// <summary>Canonicalizes a target in origin form, for example <c>/a/../b?x=1</c>.</summary>
    /// <param name="target">Target as received.</param>
    /// <param name="destination">At least as long as the target.</param>
    /// <param name="written">Length of the canonical path.</param>
    /// <param name="queryStart">Index in <paramref name="target"/> after the <c>?</c>, or -1 without a query.</param>
    /// <returns>False when the target has to be refused with <c>malformed_request</c>.</returns>
    public static bool TryCanonicalize(ReadOnlySpan<byte> target, Span<byte> destination, out int written, out int queryStart)
    {
        written = 0;
        queryStart = -1;
        if (target.IsEmpty || target[0] != '/' || target.Length > MaxTargetBytes)
        {
            return false;
        }

        var path = target;
        var question = target.IndexOf((byte)'?');
        if (question >= 0)
        {
            path = target[..question];
            queryStart = question + 1;
            if (!IsCleanQuery(target[queryStart..]))
            {
                return false;
            }
        }

        // Nearly every path: nothing to decode and no segment that begins with a dot.
        if (path.IndexOfAnyExcept(Plain) < 0 && path.IndexOf("/."u8) < 0)
        {
            path.CopyTo(destination);
            written = path.Length;
            return true;
        }

        return TryDecode(path, destination, out written) && TryRemoveDots(destination, ref written);
    }

    /// <summary>Whether a canonical path is forwarded as it is, with nothing to encode.</summary>
    public static bool IsTarget(ReadOnlySpan<byte> canonicalPath) => canonicalPath.IndexOfAnyExcept(Plain) < 0;

    /// <summary>Percent-encodes a canonical path for forwarding: the exact inverse of the decoding, with what RFC 3986 wants escaped.</summary>
    public static string ToTarget(ReadOnlySpan<byte> canonicalPath)
    {
        if (IsTarget(canonicalPath))
        {
            return Encoding.ASCII.GetString(canonicalPath);
        }

        var text = new StringBuilder(canonicalPath.Length + 16);
        foreach (var c in canonicalPath)
        {
            if (Plain.Contains(c))
            {
                text.Append((char)c);
            }
            else
            {
                text.Append('%').Append("0123456789ABCDEF"[c >> 4]).Append("0123456789ABCDEF"[c & 0xF]);
            }
        }

        return text.ToString();
    }

    // A query goes on as it came, so it may hold nothing that could end a request line or a target.
    private static bool IsCleanQuery(ReadOnlySpan<byte> query) =>
        query.IndexOfAnyInRange((byte)0, (byte)' ') < 0 && query.IndexOf((byte)0x7F) < 0 && query.IndexOf((byte)'#') < 0;

    private static bool TryDecode(ReadOnlySpan<byte> path, Span<byte> destination, out int written)
    {
        written = 0;
        for (var i = 0; i < path.Length; i++)
        {
            var c = path[i];
            if (c == '%')
            {
                if (!PercentCoding.TryDecode(path[i..], out c) || c is (byte)'/' or (byte)'\\' or 0)
                {
                    return false;
                }

                i += 2;
            }
            else if (c is <= (byte)' ' or 0x7F or (byte)'\\' or (byte)'#')
            {
                return false;
            }

            destination[written++] = c;
        }

        return Utf8.IsValid(destination[..written]);
    }

    // RFC 3986 section 5.2.4, in place: the output never overtakes the input.
    private static bool TryRemoveDots(Span<byte> path, ref int length)
    {
        var output = 0;
        var position = 0;
        while (position < length)
        {
            // At a slash: the segment after it decides.
            var next = path[(position + 1)..length].IndexOf((byte)'/');
            var end = next < 0 ? length : position + 1 + next;
            var segment = path[(position + 1)..end];
            if (segment.SequenceEqual("."u8) || segment.SequenceEqual(".."u8))
            {
                if (segment.Length == 2)
                {
                    output = Math.Max(0, path[..output].LastIndexOf((byte)'/'));
                }

                // The slash before a last dot segment stays.
                if (end == length)
                {
                    path[output++] = (byte)'/';
                }
            }
            else
            {
                path[position..end].CopyTo(path[output..]);
                output += end - position;
            }

            position = end;
        }

        length = output;
        return output > 0;
    }
}
