namespace EdgeGuard.Edge.Usage;

/// <summary>The numbers that providers tell.</summary>
internal enum UsageField : byte
{
    /// <summary><c>prompt_tokens</c>, <c>input_tokens</c>, <c>promptTokenCount</c>.</summary>
    Prompt,

    /// <summary><c>completion_tokens</c>, <c>output_tokens</c>, <c>candidatesTokenCount</c>.</summary>
    Completion,

    /// <summary><c>cached_tokens</c> in details of the prompt, <c>cachedContentTokenCount</c>: part of the prompt.</summary>
    CachedWithin,

    /// <summary><c>reasoning_tokens</c> in details of the completion: part of it.</summary>
    ReasoningWithin,

    /// <summary><c>cache_read_input_tokens</c>: beside <c>input_tokens</c>.</summary>
    CacheRead,

    /// <summary><c>cache_creation_input_tokens</c>: beside <c>input_tokens</c>.</summary>
    CacheCreation,

    /// <summary><c>thoughtsTokenCount</c>: beside <c>candidatesTokenCount</c>.</summary>
    Thoughts,

    /// <summary><c>toolUsePromptTokenCount</c>: beside <c>promptTokenCount</c>.</summary>
    ToolUsePrompt,

    /// <summary>How many there are.</summary>
    Count,
}
