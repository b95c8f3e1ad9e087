namespace EdgeGuard.Edge.Llm;

/// <summary>Cuts a stream into its events, however its bytes arrive. Keeps no more than the event that is not whole yet.</summary>
internal interface IEventCutter
{
    /// <summary>Takes the next bytes in.</summary>
    /// <returns>False when no more are wanted.</returns>
    bool Write(ReadOnlySpan<byte> bytes, IEventSink sink);

    /// <summary>Hands out what is left at the end of the stream: an event that has no end.</summary>
    void Finish(IEventSink sink);
}
