using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using EdgeGuard.Identity.Crypto;

namespace EdgeGuard.Identity.Binding;

/// <summary>Compares what a token says of its holder, a SHA-256 in base64url, with what the request presents. Allocates nothing; constant time.</summary>
internal static class HolderHash
{
    // 32 bytes without padding.
    private const int TextLength = 43;

    // Longer ones are encoded into a borrowed buffer.
    private const int OnStack = 1024;

    /// <summary>Whether a claim is the hash of a text as UTF-8.</summary>
    public static bool IsOf(string claim, ReadOnlySpan<char> text)
    {
        var needed = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (needed <= OnStack)
        {
            Span<byte> bytes = stackalloc byte[OnStack];
            return IsOf(claim, bytes[..Encoding.UTF8.GetBytes(text, bytes)]);
        }

        var rented = ArrayPool<byte>.Shared.Rent(needed);
        try
        {
            return IsOf(claim, rented.AsSpan(0, Encoding.UTF8.GetBytes(text, rented)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }

    /// <summary>Whether a claim is the hash of some bytes.</summary>
    public static bool IsOf(string claim, ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        Span<char> text = stackalloc char[TextLength];
        return Base64Url.TryEncodeToChars(hash, text, out _) && ConstantTime.AreEqual(claim, text);
    }
}
