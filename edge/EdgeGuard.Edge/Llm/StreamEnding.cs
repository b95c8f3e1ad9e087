using System.Buffers;
using System.Text;
using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Edge.Llm;

/// <summary>
/// The events that end a stream before its provider does, as the provider itself ends one whose completion has become too long: whoever reads it sees a
/// whole answer that was cut off for its length.
/// </summary>
internal static class StreamEnding
{
    /// <summary>Writes them.</summary>
    /// <param name="format">Whose stream it is.</param>
    /// <param name="shape">What came before.</param>
    /// <param name="isArray">Whether the events are objects of a JSON array, and whether the array has begun.</param>
    /// <param name="completion">Tokens of the completion, as far as they are known.</param>
    /// <param name="output">Where they go.</param>
    public static void Write(LlmFormat format, StreamShape shape, (bool Is, bool HasBegun) isArray, long completion, IBufferWriter<byte> output)
    {
        var text = new StringBuilder();
        switch (format)
        {
            case LlmFormat.Anthropic:
                Anthropic(text, shape, completion);
                break;
            case LlmFormat.Gemini:
                Gemini(text, shape, isArray);
                break;
            default:
                OpenAi(text, shape);
                break;
        }

        Encoding.UTF8.GetBytes(text.ToString(), output);
    }

    private static void OpenAi(StringBuilder text, StreamShape shape)
    {
        if (shape.IsResponses)
        {
            text.Append("event: response.incomplete\ndata: {\"type\":\"response.incomplete\"")
                .Append(System.Globalization.CultureInfo.InvariantCulture, $",\"sequence_number\":{Math.Max(0, shape.SequenceNumber)},\"response\":{{")
                .Append("\"id\":").Append(Or(shape.Id, "\"\"")).Append(",\"object\":\"response\",\"created_at\":").Append(Or(shape.Created, "0"))
                .Append(",\"model\":").Append(Or(shape.Model, "\"\""))
                .Append(",\"status\":\"incomplete\",\"error\":null,\"incomplete_details\":{\"reason\":\"max_output_tokens\"},\"output\":[],\"usage\":null}}\n\n");
            return;
        }

        for (var index = 0; index < ChoiceSet.Max; index++)
        {
            if (!shape.Choices.IsOpen(index))
            {
                continue;
            }

            text.Append("data: {\"id\":").Append(Or(shape.Id, "\"\""))
                .Append(shape.IsText ? ",\"object\":\"text_completion\"" : ",\"object\":\"chat.completion.chunk\"")
                .Append(",\"created\":").Append(Or(shape.Created, "0")).Append(",\"model\":").Append(Or(shape.Model, "\"\""))
                .Append(System.Globalization.CultureInfo.InvariantCulture, $",\"choices\":[{{\"index\":{index},")
                .Append(shape.IsText ? "\"text\":\"\",\"logprobs\":null" : "\"delta\":{},\"logprobs\":null")
                .Append(",\"finish_reason\":\"length\"}]}\n\n");
        }

        text.Append("data: [DONE]\n\n");
    }

    private static void Anthropic(StringBuilder text, StreamShape shape, long completion)
    {
        if (!shape.HasBegun)
        {
            text.Append("event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"\",")
                .Append("\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,\"usage\":{\"input_tokens\":0,\"output_tokens\":0}}}\n\n");
        }

        if (shape.OpenBlock >= 0)
        {
            text.Append(
                System.Globalization.CultureInfo.InvariantCulture,
                $"event: content_block_stop\ndata: {{\"type\":\"content_block_stop\",\"index\":{shape.OpenBlock}}}\n\n");
        }

        text.Append("event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"max_tokens\",\"stop_sequence\":null},")
            .Append(System.Globalization.CultureInfo.InvariantCulture, $"\"usage\":{{\"output_tokens\":{completion}}}}}\n\n")
            .Append("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
    }

    private static void Gemini(StringBuilder text, StreamShape shape, (bool Is, bool HasBegun) isArray)
    {
        text.Append(!isArray.Is ? "data: " : isArray.HasBegun ? ",\n" : "[").Append("{\"candidates\":[");
        var isFirst = true;
        for (var index = 0; index < ChoiceSet.Max; index++)
        {
            if (shape.Choices.IsOpen(index))
            {
                text.Append(isFirst ? string.Empty : ",")
                    .Append("{\"content\":{\"parts\":[{\"text\":\"\"}],\"role\":\"model\"},\"finishReason\":\"MAX_TOKENS\"")
                    .Append(System.Globalization.CultureInfo.InvariantCulture, $",\"index\":{index}}}");
                isFirst = false;
            }
        }

        text.Append(']');
        if (shape.Model.Length > 0)
        {
            text.Append(",\"modelVersion\":").Append(Or(shape.Model, "\"\""));
        }

        if (shape.Id.Length > 0)
        {
            text.Append(",\"responseId\":").Append(Or(shape.Id, "\"\""));
        }

        text.Append(isArray.Is ? "}\n]" : "}\n\n");
    }

    private static string Or(byte[] value, string otherwise) => value.Length > 0 ? Encoding.UTF8.GetString(value) : otherwise;
}
