using System.Text;
using System.Text.Unicode;

namespace EdgeGuard.Bundles.Reading;

/// <summary>Reads YAML 1.2 (core schema) or JSON (RFC 8259) into <see cref="Node"/>s. JSON is told by its first character.</summary>
public static class NodeReader
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Reads a text whose format is told by the first significant character: <c>{</c> or <c>[</c> is JSON.</summary>
    /// <param name="text">UTF-8, with or without a byte order mark.</param>
    /// <param name="fileName">Name shown in findings.</param>
    /// <param name="limits">Checked while reading, the size first of all.</param>
    public static NodeReadResult Read(ReadOnlyMemory<byte> text, string fileName, ReadLimits limits)
    {
        var session = new ReadSession(fileName, limits);
        if (!Admit(ref text, session))
        {
            return session.Finish(null);
        }

        var first = text.Span.IndexOfAnyExcept(" \t\r\n"u8);
        var isJson = text.Span[first] is (byte)'{' or (byte)'[';
        return session.Finish(isJson
            ? new JsonNodeReader(text, session).Read()
            : new YamlNodeReader(StrictUtf8.GetString(text.Span), session).Read());
    }

    /// <summary>Reads JSON with <c>Utf8JsonReader</c>; the path of the edge.</summary>
    /// <param name="text">UTF-8, with or without a byte order mark.</param>
    /// <param name="fileName">Name shown in findings.</param>
    /// <param name="limits">Checked while reading, the size first of all.</param>
    public static NodeReadResult ReadJson(ReadOnlyMemory<byte> text, string fileName, ReadLimits limits)
    {
        var session = new ReadSession(fileName, limits);
        return session.Finish(Admit(ref text, session) ? new JsonNodeReader(text, session).Read() : null);
    }

    private static bool Admit(ref ReadOnlyMemory<byte> text, ReadSession session)
    {
        if (text.Length > session.Limits.MaxBytes)
        {
            session.Error(
                ReadingCodes.TooLarge,
                0,
                0,
                $"the document has {text.Length} bytes; at most {session.Limits.MaxBytes} are read",
                "split the document");
            return false;
        }

        if (text.Span.StartsWith(ByteOrderMark))
        {
            text = text[ByteOrderMark.Length..];
        }

        if (!Utf8.IsValid(text.Span))
        {
            ReportInvalidUtf8(text.Span, session);
            return false;
        }

        if (text.Span.IndexOfAnyExcept(" \t\r\n"u8) < 0)
        {
            session.Error(ReadingCodes.Empty, 1, 1, "the document is empty", "write a document, or name another file");
            return false;
        }

        return true;
    }

    private static void ReportInvalidUtf8(ReadOnlySpan<byte> text, ReadSession session)
    {
        var offset = 0;
        while (Rune.DecodeFromUtf8(text[offset..], out _, out var used) == System.Buffers.OperationStatus.Done)
        {
            offset += used;
        }

        var line = text[..offset].Count((byte)'\n') + 1;
        var column = offset - text[..offset].LastIndexOf((byte)'\n');
        var utf16 = text.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || text.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]);
        session.Error(
            ReadingCodes.NotUtf8,
            line,
            column,
            utf16 ? "the document is UTF-16, not UTF-8" : $"byte 0x{text[offset]:X2} is not valid UTF-8",
            "save the document as UTF-8");
    }
}
