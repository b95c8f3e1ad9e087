using System.Text;

namespace EdgeGuard.Edge.Hosting;

/// <summary>
/// Lets the web server take a <c>Content-Length</c> only as it is always written: digits that do not begin with a zero, or one zero (RFC 9110 section 8.6 knows no
/// sign). The server itself reads <c>+3</c>, <c>003</c> and <c>-0</c> as numbers, and whoever stands in front of the edge or behind it may see another message begin
/// elsewhere. It asks for an encoding of each header's bytes; this one makes of every other text one that is no number, which the server answers with 400.
/// </summary>
internal sealed class LengthText : Encoding
{
    // 18 digits: every number of them fits into 64 bits, and the server's own room is 20 characters.
    private const int MaxDigits = 18;

    private static readonly LengthText Instance = new();

    private LengthText()
    {
    }

    /// <summary>The encoding of a header: none of its own, which means the server's, but for the length.</summary>
    public static Encoding? For(string header) => header.Equals("Content-Length", StringComparison.OrdinalIgnoreCase) ? Instance : null;

    /// <summary>Whether a value is a length as it is always written.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> value) =>
        value.Length is > 0 and <= MaxDigits && (value[0] != '0' || value.Length == 1) && value.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;

    /// <inheritdoc />
    public override int GetByteCount(char[] chars, int index, int count) => ASCII.GetByteCount(chars, index, count);

    /// <inheritdoc />
    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
        ASCII.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    /// <inheritdoc />
    public override int GetCharCount(byte[] bytes, int index, int count) => IsPlain(bytes.AsSpan(index, count)) ? count : 1;

    /// <inheritdoc />
    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex) =>
        GetChars(bytes.AsSpan(byteIndex, byteCount), chars.AsSpan(charIndex));

    /// <inheritdoc />
    public override int GetChars(ReadOnlySpan<byte> bytes, Span<char> chars)
    {
        if (IsPlain(bytes))
        {
            return ASCII.GetChars(bytes, chars);
        }

        chars[0] = '?';
        return 1;
    }

    /// <inheritdoc />
    public override int GetMaxByteCount(int charCount) => charCount;

    /// <inheritdoc />
    public override int GetMaxCharCount(int byteCount) => Math.Max(1, byteCount);
}
