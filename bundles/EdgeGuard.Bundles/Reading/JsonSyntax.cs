using System.Text;
using System.Text.Json;

namespace EdgeGuard.Bundles.Reading;

/// <summary>Says in our own words what is wrong with a JSON text: the framework's sentences name its own options and types.</summary>
internal static class JsonSyntax
{
    /// <summary>Adds the finding for a text that the reader gave up on.</summary>
    public static void Report(ReadOnlySpan<byte> text, JsonException problem, ReadSession session)
    {
        var lineStart = 0;
        for (var skip = problem.LineNumber ?? 0; skip > 0; skip--)
        {
            lineStart += text[lineStart..].IndexOf((byte)'\n') + 1;
        }

        var offset = (int)Math.Min(text.Length, lineStart + (problem.BytePositionInLine ?? 0));
        var (message, fix) = Explain(text, offset);
        session.Error(
            ReadingCodes.JsonSyntax,
            (int)(problem.LineNumber ?? 0) + 1,
            offset - lineStart + 1,
            message,
            fix);
    }

    private static (string Message, string Fix) Explain(ReadOnlySpan<byte> text, int offset)
    {
        if (offset >= text.Length)
        {
            return ("the text ends before the JSON document is complete", "close what is open: a quote, a bracket or a brace is missing");
        }

        var before = text[..offset].TrimEnd(" \t\r\n"u8);
        var previous = before.Length > 0 ? before[^1] : (byte)0;
        switch (text[offset])
        {
            case (byte)'/' or (byte)'#':
                return ("JSON has no comments", "remove the comment, or write the document in YAML");
            case (byte)'\'':
                return ("JSON texts stand in double quotes", "write \" instead of '");
            case (byte)'}' or (byte)']' when previous == (byte)',':
                return ("there is a comma after the last entry", "remove the comma");
            case < 0x20:
                return ("a text holds a control character or a line break as it is", "write it as an escape such as \\n");
            case (byte)'N' or (byte)'I':
                return ("JSON has no NaN and no Infinity", "write a finite number");
            case (byte)'0' or (byte)'.' or (byte)'+' or (byte)'-':
                return ("this is not a JSON number", "write digits without leading zeros or a plus sign, with digits on both sides of a point");
            case >= (byte)'1' and <= (byte)'9' when previous == (byte)'0':
                return ("a JSON number has no leading zeros", "remove the zeros, or write a text in quotes");
            default:
                Rune.DecodeFromUtf8(text[offset..], out var rune, out _);
                var shown = Rune.IsControl(rune) ? $"U+{rune.Value:X4}" : $"'{rune}'";
                return ($"{shown} is not expected here", Guess(previous, text[offset]));
        }
    }

    private static string Guess(byte previous, byte found) => (previous, found) switch
    {
        ((byte)'"' or (byte)'}' or (byte)']', (byte)'"') => "a comma is missing before it (or a colon, if this is a value)",
        ((byte)'{' or (byte)',', _) when char.IsAsciiLetter((char)found) => "put names and texts in double quotes",
        (_, (byte)'}' or (byte)']') => "a value is missing, or this bracket closes another kind",
        _ => "look for a comma, colon, quote or bracket that is missing just before it",
    };
}
