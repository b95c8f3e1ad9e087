namespace EdgeGuard.Engine.Facts;

/// <summary>Names of members that mean something to the analysis of a body, over the formats of all providers.</summary>
internal enum BodyName : byte
{
    None,

    /// <summary><c>messages</c>, <c>contents</c>.</summary>
    Messages,

    /// <summary><c>input</c>: a conversation or a text at the top, a call's arguments below.</summary>
    Input,

    /// <summary><c>system</c>, <c>instructions</c>, <c>prompt</c> and the like.</summary>
    Prompt,

    /// <summary><c>tools</c>, <c>functions</c>, <c>tool_choice</c>.</summary>
    Tools,

    /// <summary><c>generationConfig</c>.</summary>
    Generation,

    /// <summary><c>model</c>.</summary>
    Model,

    /// <summary><c>max_tokens</c> and the like.</summary>
    MaxTokens,

    /// <summary><c>n</c>, <c>candidateCount</c>.</summary>
    Choices,

    /// <summary><c>tool_calls</c>.</summary>
    ToolCalls,

    /// <summary><c>function</c>.</summary>
    Function,

    /// <summary><c>function_call</c>, <c>functionCall</c>.</summary>
    FunctionCall,

    /// <summary><c>arguments</c>, <c>args</c>.</summary>
    Arguments,

    /// <summary><c>name</c>.</summary>
    Name,

    /// <summary><c>type</c>.</summary>
    Type,

    /// <summary><c>role</c>.</summary>
    Role,

    /// <summary><c>method</c>.</summary>
    Method,

    /// <summary><c>params</c>.</summary>
    Params,

    /// <summary><c>tool_call_id</c>, <c>tool_use_id</c>, <c>functionResponse</c>: whatever has one answers a call.</summary>
    ToolResult,

    /// <summary><c>id</c>: means nothing in a call of JSON-RPC or a conversation; elsewhere it may be what the request is about.</summary>
    Id,

    /// <summary>Ids, times and random values, which differ from request to request and mean nothing.</summary>
    Volatile,

    /// <summary>Data that is no text: <c>url</c>, <c>data</c> and the like.</summary>
    Data,
}
