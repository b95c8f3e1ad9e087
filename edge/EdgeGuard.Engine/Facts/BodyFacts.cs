using EdgeGuard.Engine.Facts.Tokens;

namespace EdgeGuard.Engine.Facts;

/// <summary>What a request's body tells, for the limits that look at it. Filled by a door that has read the body; part of a <see cref="FactSet"/>.</summary>
public sealed class BodyFacts
{
    /// <summary>Whether a body was read, an empty one included; set whenever anything else here is. Without it a limit by tokens reserves for an empty prompt.</summary>
    public bool IsRead { get; set; }

    /// <summary>Whether the body was longer than may be read.</summary>
    public bool IsTooLarge { get; set; }

    /// <summary>Bytes of the body, as far as they are known; those of a body that was not read to its end by its declared length.</summary>
    public long Length { get; set; }

    /// <summary>128-bit hash of the bytes, for exact repeats.</summary>
    public ulong HashLow { get; set; }

    public ulong HashHigh { get; set; }

    /// <summary>Signature of the normalised JSON, or of a conversation's newest message, for bodies that are alike; 0 when there is none.</summary>
    public ulong Similarity { get; set; }

    /// <summary>Hash of the newest tool call in the body, by its name and the names of its arguments, or 0.</summary>
    public ulong ToolCall { get; set; }

    /// <summary>Estimated tokens of the prompt, at four bytes each.</summary>
    public long PromptTokens { get; set; }

    /// <summary>Estimated tokens of the prompt, by the family of the model that the body names.</summary>
    public long CalibratedPromptTokens { get; set; }

    /// <summary>Tokens of the prompt by the vocabulary of its model, or -1 where none was given.</summary>
    public long ExactPromptTokens { get; set; } = -1;

    /// <summary>Completion tokens that the request asks for at most, or -1 when it names no bound.</summary>
    public long MaxCompletionTokens { get; set; } = -1;

    /// <summary>Whether the body is one JSON object, so that the names below could be looked for.</summary>
    public bool IsObject { get; set; }

    /// <summary>The <c>model</c> of a request to a provider of models; of Gemini's that of its path.</summary>
    public BodyText Model { get; } = new(BodyText.MaxCapacity);

    /// <summary>The <c>method</c> of a JSON-RPC message.</summary>
    public BodyText RpcMethod { get; } = new(64);

    /// <summary>The <c>params.name</c> of a JSON-RPC message: the tool that it calls.</summary>
    public BodyText RpcTool { get; } = new(BodyText.MaxCapacity);

    /// <summary>The <c>id</c> of a JSON-RPC message as it is written, quotes included.</summary>
    public BodyText RpcId { get; } = new(64);

    /// <summary>What the prompt's tokens are estimated from. A field, so that it is passed by reference.</summary>
    internal TokenUnits PromptUnits;

    /// <summary>Messages of the conversation.</summary>
    internal long Messages { get; set; }

    /// <summary>Forgets what the body names.</summary>
    public void ForgetNames()
    {
        Model.Clear();
        RpcMethod.Clear();
        RpcTool.Clear();
        RpcId.Clear();
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        IsRead = false;
        IsTooLarge = false;
        Length = 0;
        HashLow = 0;
        HashHigh = 0;
        Similarity = 0;
        ToolCall = 0;
        PromptTokens = 0;
        CalibratedPromptTokens = 0;
        ExactPromptTokens = -1;
        MaxCompletionTokens = -1;
        IsObject = false;
        PromptUnits = default;
        Messages = 0;
        ForgetNames();
    }
}
