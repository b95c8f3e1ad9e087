namespace EdgeGuard.Edge.Llm;

/// <summary>Takes the events of a stream, one after the other.</summary>
internal interface IEventSink
{
    /// <summary>Takes one event.</summary>
    /// <param name="raw">As it came, with what separates it from the next.</param>
    /// <param name="data">Its data; empty for an event without any.</param>
    /// <returns>False when the stream ends before this event, and nothing after it is wanted.</returns>
    bool Take(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> data);
}
