using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace EdgeGuard.Bundles.Reading;

/// <summary>
/// Writes a node as canonical JSON after RFC 8785 (JCS): keys sorted by UTF-16 code units, shortest numbers, no white space.
/// What is signed and what the edge reads.
/// </summary>
public static class CanonicalJson
{
    private const long MaxExact = 1L << 53;

    // Everything that JCS escapes: the two-character escapes and the other control characters.
    private static readonly SearchValues<char> Escaped =
        SearchValues.Create(string.Concat(Enumerable.Range(0, 0x20).Select(c => (char)c)) + "\"\\");

    /// <summary>The canonical UTF-8 bytes of a node.</summary>
    /// <exception cref="ArgumentException">A text holds half of a surrogate pair (the reader lets none through).</exception>
    public static byte[] Write(Node root)
    {
        ArgumentNullException.ThrowIfNull(root);
        var output = new ArrayBufferWriter<byte>(4096);
        WriteNode(root, output);
        return output.WrittenSpan.ToArray();
    }

    private static void WriteNode(Node node, ArrayBufferWriter<byte> output)
    {
        switch (node.Kind)
        {
            case NodeKind.Null:
                output.Write("null"u8);
                break;
            case NodeKind.Boolean:
                output.Write(node.Boolean ? "true"u8 : "false"u8);
                break;
            case NodeKind.Integer when node.Integer is >= -MaxExact and <= MaxExact:
                Utf8Formatter.TryFormat(node.Integer, output.GetSpan(20), out var written);
                output.Advance(written);
                break;
            case NodeKind.Integer:
            case NodeKind.Number:
                Encoding.ASCII.GetBytes(EcmaNumber.Format(node.Number), output);
                break;
            case NodeKind.String:
                WriteText(node.Text, output);
                break;
            case NodeKind.List:
                WriteList(node, output);
                break;
            case NodeKind.Map:
                WriteMap(node, output);
                break;
        }
    }

    private static void WriteList(Node node, ArrayBufferWriter<byte> output)
    {
        output.Write("["u8);
        for (var i = 0; i < node.Items.Count; i++)
        {
            if (i > 0)
            {
                output.Write(","u8);
            }

            WriteNode(node.Items[i], output);
        }

        output.Write("]"u8);
    }

    private static void WriteMap(Node node, ArrayBufferWriter<byte> output)
    {
        var entries = new NodeEntry[node.Entries.Count];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = node.Entries[i];
        }

        Array.Sort(entries, static (left, right) => string.CompareOrdinal(left.Key, right.Key));
        output.Write("{"u8);
        for (var i = 0; i < entries.Length; i++)
        {
            if (i > 0)
            {
                output.Write(","u8);
            }

            WriteText(entries[i].Key, output);
            output.Write(":"u8);
            WriteNode(entries[i].Value, output);
        }

        output.Write("}"u8);
    }

    private static void WriteText(string text, ArrayBufferWriter<byte> output)
    {
        output.Write("\""u8);
        var rest = text.AsSpan();
        while (rest.Length > 0)
        {
            var plain = rest.IndexOfAny(Escaped);
            if (plain != 0)
            {
                WritePlain(plain < 0 ? rest : rest[..plain], output);
                rest = plain < 0 ? [] : rest[plain..];
                continue;
            }

            WriteEscape(rest[0], output);
            rest = rest[1..];
        }

        output.Write("\""u8);
    }

    private static void WritePlain(ReadOnlySpan<char> text, ArrayBufferWriter<byte> output)
    {
        var span = output.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        if (System.Text.Unicode.Utf8.FromUtf16(text, span, out _, out var written, replaceInvalidSequences: false) != OperationStatus.Done)
        {
            throw new ArgumentException("A text holds half of a surrogate pair, which canonical JSON cannot express.", nameof(text));
        }

        output.Advance(written);
    }

    private static void WriteEscape(char character, ArrayBufferWriter<byte> output)
    {
        switch (character)
        {
            case '"':
                output.Write("\\\""u8);
                break;
            case '\\':
                output.Write("\\\\"u8);
                break;
            case '\b':
                output.Write("\\b"u8);
                break;
            case '\t':
                output.Write("\\t"u8);
                break;
            case '\n':
                output.Write("\\n"u8);
                break;
            case '\f':
                output.Write("\\f"u8);
                break;
            case '\r':
                output.Write("\\r"u8);
                break;
            default:
                Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"), output);
                break;
        }
    }
}
