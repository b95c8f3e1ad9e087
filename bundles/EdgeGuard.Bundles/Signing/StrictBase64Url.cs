using System.Buffers;
using System.Buffers.Text;

namespace EdgeGuard.Bundles.Signing;

/// <summary>
/// Base64url (RFC 4648 section 5, no padding) with exactly one text for each value. The framework's decoder also takes white space,
/// padding, and last characters whose unused bits are set: a changed byte could then pass a signature check unnoticed.
/// </summary>
public static class StrictBase64Url
{
    private static readonly SearchValues<byte> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8);

    /// <summary>Decodes; false unless encoding the result again gives the same bytes. Empty text is an empty value.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> text, out byte[] value)
    {
        value = [];
        if (text.Length % 4 == 1 || text.IndexOfAnyExcept(Alphabet) >= 0)
        {
            return false;
        }

        value = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (Base64Url.DecodeFromUtf8(text, value, out var read, out var written) != OperationStatus.Done
            || read != text.Length
            || written != value.Length)
        {
            return false;
        }

        // Only the last, partial group of four can be written in more than one way.
        Span<byte> again = stackalloc byte[4];
        var tail = written % 3;
        return Base64Url.TryEncodeToUtf8(value.AsSpan(written - tail), again, out var length)
            && text[^(text.Length % 4)..].SequenceEqual(again[..length]);
    }
}
