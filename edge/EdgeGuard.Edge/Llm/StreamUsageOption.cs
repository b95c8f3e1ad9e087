using System.Text.Json;

namespace EdgeGuard.Edge.Llm;

/// <summary>
/// Finds what has to be changed in a request for chat completions so that its stream tells its usage (<c>stream_options.include_usage</c>). Nothing for a
/// request that asks for it itself, does not stream, or is not plain about either.
/// </summary>
internal static class StreamUsageOption
{
    private static readonly byte[] Whole = "\"stream_options\":{\"include_usage\":true},"u8.ToArray();
    private static readonly byte[] Value = "{\"include_usage\":true}"u8.ToArray();
    private static readonly byte[] Member = "\"include_usage\":true,"u8.ToArray();
    private static readonly byte[] OnlyMember = "\"include_usage\":true"u8.ToArray();
    private static readonly byte[] True = "true"u8.ToArray();

    /// <summary>The change, or null.</summary>
    public static BodyEdit? Find(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        BodyEdit? edit = null;
        var streams = 0;
        var options = 0;
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return null;
            }

            var first = (int)reader.BytesConsumed;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isStream = reader.ValueTextEquals("stream"u8);
                var isOptions = reader.ValueTextEquals("stream_options"u8);
                reader.Read();
                if (isStream)
                {
                    streams += reader.TokenType == JsonTokenType.True ? 1 : 2;
                }
                else if (isOptions)
                {
                    options++;
                    edit = InOptions(ref reader);
                }

                reader.Skip();
            }

            return streams != 1 || options > 1 ? null : options == 1 ? edit : new BodyEdit(first, 0, Whole);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static BodyEdit? InOptions(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return new BodyEdit((int)reader.TokenStartIndex, "null".Length, Value);
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        var begin = (int)reader.BytesConsumed;
        var members = 0;
        BodyEdit? own = null;
        var isNamed = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            members++;
            var isUsage = reader.ValueTextEquals("include_usage"u8);
            reader.Read();
            if (isUsage)
            {
                own = isNamed || reader.TokenType is not (JsonTokenType.False or JsonTokenType.Null)
                    ? null
                    : new BodyEdit((int)reader.TokenStartIndex, (int)(reader.BytesConsumed - reader.TokenStartIndex), True);
                isNamed = true;
            }

            reader.Skip();
        }

        return isNamed ? own : new BodyEdit(begin, 0, members == 0 ? OnlyMember : Member);
    }
}
