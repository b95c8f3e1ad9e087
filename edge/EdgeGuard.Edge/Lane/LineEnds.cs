using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeGuard.Edge.Lane;

/// <summary>Looks at how the lines of a head end (RFC 9112 section 2.2).</summary>
internal static class LineEnds
{
    /// <summary>
    /// Whether a line feed stands somewhere without a carriage return before it. Sixteen bytes at a time, beside those one before them: a search for each line feed by itself took
    /// a call for each of a dozen lines.
    /// </summary>
    public static bool HasBareLineFeed(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || bytes[0] == '\n')
        {
            return !bytes.IsEmpty;
        }

        ref var first = ref MemoryMarshal.GetReference(bytes);
        var i = 1;
        if (Vector128.IsHardwareAccelerated)
        {
            for (; i <= bytes.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
            {
                var feeds = Vector128.Equals(Vector128.LoadUnsafe(ref first, (nuint)i), Vector128.Create((byte)'\n'));
                var returns = Vector128.Equals(Vector128.LoadUnsafe(ref first, (nuint)i - 1), Vector128.Create((byte)'\r'));
                if (Vector128.AndNot(feeds, returns) != Vector128<byte>.Zero)
                {
                    return true;
                }
            }
        }

        for (; i < bytes.Length; i++)
        {
            if (bytes[i] == '\n' && bytes[i - 1] != '\r')
            {
                return true;
            }
        }

        return false;
    }
}
