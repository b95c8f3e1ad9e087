using System.Buffers;
using System.Text.Json;

namespace EdgeGuard.Engine.Facts;

/// <summary>The shape of a tool call's arguments where they are JSON within a JSON string, as with OpenAI's chat completions.</summary>
internal static class ArgumentShape
{
    /// <summary>Longest arguments that are looked at; longer ones have no shape.</summary>
    public const int MaxBytes = 64 * 1024;

    private const ulong StructureToken = 3;

    /// <summary>Sum of the hashes of the names at the top, as for arguments that are an object; 0 when it is none.</summary>
    /// <param name="raw">The string between its quotes.</param>
    /// <param name="escaped">Whether it has escapes, as it has unless it is empty of members.</param>
    public static ulong Of(ReadOnlySpan<byte> raw, bool escaped)
    {
        if (raw.Length > MaxBytes)
        {
            return 0;
        }

        if (!escaped)
        {
            return Read(raw);
        }

        var buffer = ArrayPool<byte>.Shared.Rent(raw.Length);
        try
        {
            return Read(buffer.AsSpan(0, JsonText.Unescape(raw, buffer)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static ulong Read(ReadOnlySpan<byte> json)
    {
        var start = json.IndexOfAnyExcept(" \t\r\n"u8);
        if (start < 0 || json[start] != '{')
        {
            return 0;
        }

        var shape = 0UL;
        try
        {
            var reader = new Utf8JsonReader(json[start..]);
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1)
                {
                    shape += TextHash.Mix(TextHash.Of(reader.ValueSpan), StructureToken);
                }
            }
        }
        catch (JsonException)
        {
            // What a model writes may break off. The names until there are what is known.
        }

        return shape;
    }
}
