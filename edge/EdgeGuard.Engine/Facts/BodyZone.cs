namespace EdgeGuard.Engine.Facts;

/// <summary>What part of a body a JSON value is in.</summary>
internal enum BodyZone : byte
{
    /// <summary>Anything that is none of the others.</summary>
    Other,

    /// <summary>The messages of a conversation: <c>messages</c>, <c>contents</c>, <c>input</c>.</summary>
    Conversation,

    /// <summary>Text that a model is given besides: <c>system</c>, <c>instructions</c>, <c>prompt</c>.</summary>
    Prompt,

    /// <summary>What tools there are; not what is called.</summary>
    Tools,

    /// <summary><c>generationConfig</c>.</summary>
    Generation,
}
