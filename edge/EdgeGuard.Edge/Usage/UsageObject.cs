using System.Text.Json;

namespace EdgeGuard.Edge.Usage;

/// <summary>
/// Reads one <c>usage</c> or <c>usageMetadata</c> object: chat completions and responses of OpenAI and those compatible with it, Anthropic messages, Google
/// Gemini, and Amazon Bedrock's <c>inputTokens</c>.
/// </summary>
internal static class UsageObject
{
    /// <summary>Takes what an object tells; false when it is no object that tells anything.</summary>
    /// <param name="json">The object, braces included.</param>
    /// <param name="counts">Where it goes.</param>
    /// <param name="isWhole">Whether it tells of the whole answer so far, and not of its beginning only.</param>
    public static bool TryRead(ReadOnlySpan<byte> json, UsageCounts counts, bool isWhole)
    {
        var told = false;
        var completion = false;
        try
        {
            var reader = new Utf8JsonReader(json, isFinalBlock: true, state: default);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var field = FieldOf(in reader);
                var details = IsDetails(in reader);
                reader.Read();
                if (field is { } known && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value))
                {
                    var isSane = counts.Set(known, value);
                    told |= isSane;
                    completion |= isSane && known is UsageField.Completion or UsageField.Thoughts;
                }
                else if (details && reader.TokenType == JsonTokenType.StartObject)
                {
                    ReadDetails(ref reader, counts);
                }
                else
                {
                    reader.Skip();
                }
            }
        }
        catch (JsonException)
        {
            return false;
        }

        counts.IsTold |= told && isWhole;
        counts.IsCompletionTold |= completion && isWhole;
        return told;
    }

    private static void ReadDetails(ref Utf8JsonReader reader, UsageCounts counts)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var cached = reader.ValueTextEquals("cached_tokens"u8);
            var reasoning = reader.ValueTextEquals("reasoning_tokens"u8);
            reader.Read();
            if ((cached || reasoning) && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value))
            {
                counts.Set(cached ? UsageField.CachedWithin : UsageField.ReasoningWithin, value);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static bool IsDetails(in Utf8JsonReader reader) =>
        reader.ValueTextEquals("prompt_tokens_details"u8) || reader.ValueTextEquals("completion_tokens_details"u8)
        || reader.ValueTextEquals("input_tokens_details"u8) || reader.ValueTextEquals("output_tokens_details"u8);

    private static UsageField? FieldOf(in Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("prompt_tokens"u8) || reader.ValueTextEquals("input_tokens"u8)
            || reader.ValueTextEquals("promptTokenCount"u8) || reader.ValueTextEquals("inputTokens"u8))
        {
            return UsageField.Prompt;
        }

        if (reader.ValueTextEquals("completion_tokens"u8) || reader.ValueTextEquals("output_tokens"u8)
            || reader.ValueTextEquals("candidatesTokenCount"u8) || reader.ValueTextEquals("outputTokens"u8))
        {
            return UsageField.Completion;
        }

        return reader.ValueTextEquals("cache_read_input_tokens"u8) ? UsageField.CacheRead
            : reader.ValueTextEquals("cache_creation_input_tokens"u8) ? UsageField.CacheCreation
            : reader.ValueTextEquals("cachedContentTokenCount"u8) ? UsageField.CachedWithin
            : reader.ValueTextEquals("thoughtsTokenCount"u8) ? UsageField.Thoughts
            : reader.ValueTextEquals("toolUsePromptTokenCount"u8) ? UsageField.ToolUsePrompt
            : null;
    }
}
