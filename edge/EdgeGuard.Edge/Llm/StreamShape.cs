namespace EdgeGuard.Edge.Llm;

/// <summary>What an event that ends a stream has to repeat of it. Values as they are written in JSON; empty when they are not known.</summary>
internal sealed class StreamShape
{
    /// <summary>Longest value that is kept.</summary>
    private const int MaxValueBytes = 256;

    /// <summary><c>id</c>, <c>responseId</c>.</summary>
    public byte[] Id { get; private set; } = [];

    /// <summary><c>model</c>, <c>modelVersion</c>.</summary>
    public byte[] Model { get; private set; } = [];

    /// <summary><c>created</c>, <c>created_at</c>.</summary>
    public byte[] Created { get; private set; } = [];

    /// <summary>Whether it is OpenAI's Responses API.</summary>
    public bool IsResponses { get; set; }

    /// <summary>Whether it is OpenAI's older completions, whose choices have a text.</summary>
    public bool IsText { get; set; }

    /// <summary>Whether any event has begun the answer.</summary>
    public bool HasBegun { get; set; }

    /// <summary>Number of the last event of the Responses API that was read; one that is withheld leaves its number to that which ends the stream.</summary>
    public long SequenceNumber { get; set; } = -1;

    /// <summary>Anthropic's content block that has begun and not ended, or -1.</summary>
    public long OpenBlock { get; set; } = -1;

    /// <summary>Choices or candidates. A field, so that it is changed in place.</summary>
    public ChoiceSet Choices;

    public void TakeId(ReadOnlySpan<byte> value) => Id = Kept(Id, value);

    public void TakeModel(ReadOnlySpan<byte> value) => Model = Kept(Model, value);

    public void TakeCreated(ReadOnlySpan<byte> value) => Created = Kept(Created, value);

    // The first one counts: a stream has one.
    private static byte[] Kept(byte[] kept, ReadOnlySpan<byte> value) => kept.Length > 0 || value.Length > MaxValueBytes ? kept : value.ToArray();
}
