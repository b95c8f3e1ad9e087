namespace EdgeGuard.Edge.Llm;

/// <summary>Members of events that mean something, over the formats of all providers.</summary>
internal enum StreamMember : byte
{
    None,
    Id,
    Model,
    Created,
    Type,
    Object,
    Response,
    Choices,
    Candidates,
    Index,
    Finish,
    Delta,
    Usage,
    LogProbs,
    SequenceNumber,
    Arguments,

    /// <summary>Gemini's arguments of a call: all that is in them.</summary>
    ArgumentTree,

    /// <summary>Text of the completion: answers, refusals, thoughts, code, names of called functions.</summary>
    Text,
    Message,
    Block,
}
