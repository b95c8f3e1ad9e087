using System.Security.Cryptography;
using System.Text;

namespace EdgeGuard.Edge.State;

/// <summary>
/// Content behind one line <c>edgeguard-state 1 SHA-256</c>, so that a torn or foreign file is known before a byte of it is believed.
/// It protects against accidents, not against who can write the directory.
/// </summary>
internal static class ChecksummedFile
{
    private static ReadOnlySpan<byte> Magic => "edgeguard-state 1 "u8;

    /// <summary>The content with its line.</summary>
    public static byte[] Wrap(ReadOnlySpan<byte> content)
    {
        var checksum = Encoding.ASCII.GetBytes(Checksum(content));
        var wrapped = new byte[Magic.Length + checksum.Length + 1 + content.Length];
        Magic.CopyTo(wrapped);
        checksum.CopyTo(wrapped, Magic.Length);
        wrapped[Magic.Length + checksum.Length] = (byte)'\n';
        content.CopyTo(wrapped.AsSpan(Magic.Length + checksum.Length + 1));
        return wrapped;
    }

    /// <summary>The content, or null when the line is missing or does not fit.</summary>
    public static byte[]? Unwrap(ReadOnlySpan<byte> wrapped)
    {
        const int ChecksumLength = 2 * SHA256.HashSizeInBytes;
        var start = Magic.Length + ChecksumLength + 1;
        if (wrapped.Length < start || !wrapped.StartsWith(Magic) || wrapped[start - 1] != (byte)'\n')
        {
            return null;
        }

        var content = wrapped[start..];
        var expected = Encoding.ASCII.GetBytes(Checksum(content));
        return wrapped.Slice(Magic.Length, ChecksumLength).SequenceEqual(expected) ? content.ToArray() : null;
    }

    private static string Checksum(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
