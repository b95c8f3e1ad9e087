namespace EdgeGuard.Engine.Facts;

/// <summary>Tells which member names mean something. By length first: most names meet no comparison at all.</summary>
internal static class BodyNames
{
    /// <summary>What a name means.</summary>
    public static BodyName Of(ReadOnlySpan<byte> name) => name.Length switch
    {
        1 => name[0] == 'n' ? BodyName.Choices : BodyName.None,
        2 => name.SequenceEqual("id"u8) ? BodyName.Id : name.SequenceEqual("ts"u8) ? BodyName.Volatile : BodyName.None,
        3 => name.SequenceEqual("url"u8) ? BodyName.Data : BodyName.None,
        4 => OfFour(name),
        5 => OfFive(name),
        6 => OfSix(name),
        7 => name.SequenceEqual("call_id"u8) ? BodyName.ToolResult : name.SequenceEqual("created"u8) ? BodyName.Volatile : BodyName.None,
        8 => OfEight(name),
        9 => OfNine(name),
        10 => OfTen(name),
        11 => OfEleven(name),
        12 => OfTwelve(name),
        _ => OfLong(name),
    };

    private static BodyName OfFour(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("role"u8) ? BodyName.Role
        : name.SequenceEqual("type"u8) ? BodyName.Type
        : name.SequenceEqual("name"u8) ? BodyName.Name
        : name.SequenceEqual("args"u8) ? BodyName.Arguments
        : name.SequenceEqual("data"u8) ? BodyName.Data
        : BodyName.None;

    private static BodyName OfFive(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("input"u8) ? BodyName.Input
        : name.SequenceEqual("model"u8) ? BodyName.Model
        : name.SequenceEqual("tools"u8) ? BodyName.Tools
        : name.SequenceEqual("nonce"u8) ? BodyName.Volatile
        : BodyName.None;

    private static BodyName OfSix(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("system"u8) || name.SequenceEqual("prompt"u8) ? BodyName.Prompt
        : name.SequenceEqual("method"u8) ? BodyName.Method
        : name.SequenceEqual("params"u8) ? BodyName.Params
        : BodyName.None;

    private static BodyName OfEight(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("messages"u8) || name.SequenceEqual("contents"u8) ? BodyName.Messages
        : name.SequenceEqual("function"u8) ? BodyName.Function
        : name.SequenceEqual("trace_id"u8) ? BodyName.Volatile
        : BodyName.None;

    private static BodyName OfNine(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("arguments"u8) ? BodyName.Arguments
        : name.SequenceEqual("functions"u8) ? BodyName.Tools
        : name.SequenceEqual("image_url"u8) || name.SequenceEqual("file_data"u8) ? BodyName.Data
        : name.SequenceEqual("timestamp"u8) || name.SequenceEqual("createdAt"u8) || name.SequenceEqual("requestId"u8) ? BodyName.Volatile
        : BodyName.None;

    private static BodyName OfTen(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("max_tokens"u8) ? BodyName.MaxTokens
        : name.SequenceEqual("tool_calls"u8) ? BodyName.ToolCalls
        : name.SequenceEqual("toolConfig"u8) ? BodyName.Tools
        : name.SequenceEqual("media_type"u8) ? BodyName.Data
        : name.SequenceEqual("request_id"u8) || name.SequenceEqual("created_at"u8) ? BodyName.Volatile
        : BodyName.None;

    private static BodyName OfEleven(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("tool_use_id"u8) ? BodyName.ToolResult
        : name.SequenceEqual("tool_choice"u8) ? BodyName.Tools
        : name.SequenceEqual("traceparent"u8) ? BodyName.Volatile
        : BodyName.None;

    private static BodyName OfTwelve(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("functionCall"u8) ? BodyName.FunctionCall
        : name.SequenceEqual("tool_call_id"u8) ? BodyName.ToolResult
        : name.SequenceEqual("instructions"u8) ? BodyName.Prompt
        : BodyName.None;

    private static BodyName OfLong(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("function_call"u8) ? BodyName.FunctionCall
        : name.SequenceEqual("max_completion_tokens"u8) || name.SequenceEqual("max_output_tokens"u8)
            || name.SequenceEqual("maxOutputTokens"u8) || name.SequenceEqual("max_tokens_to_sample"u8) ? BodyName.MaxTokens
        : name.SequenceEqual("candidateCount"u8) || name.SequenceEqual("candidate_count"u8) ? BodyName.Choices
        : name.SequenceEqual("generationConfig"u8) || name.SequenceEqual("generation_config"u8) ? BodyName.Generation
        : name.SequenceEqual("systemInstruction"u8) || name.SequenceEqual("system_instruction"u8) ? BodyName.Prompt
        : name.SequenceEqual("functionResponse"u8) || name.SequenceEqual("function_response"u8) ? BodyName.ToolResult
        : name.SequenceEqual("idempotency_key"u8) || name.SequenceEqual("idempotencyKey"u8) ? BodyName.Volatile
        : BodyName.None;
}
