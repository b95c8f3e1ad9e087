using EdgeGuard.Edge.Streams;

namespace EdgeGuard.Edge.Sync;

/// <summary>
/// Passes a stream on and fails when one event grows beyond a limit: the parser of server-sent events buffers a whole event, so without
/// this a peer could fill the memory.
/// </summary>
internal sealed class EventLimitStream(Stream inner, int limit) : AsyncReadStream
{
    private int _sinceEvent;

    /// <summary>An event has been parsed.</summary>
    public void EventEnded() => _sinceEvent = 0;

    /// <inheritdoc />
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Count(await inner.ReadAsync(buffer, cancellationToken));

    /// <inheritdoc />
    public override int Read(byte[] buffer, int offset, int count) => Count(inner.Read(buffer, offset, count));

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Count(int read)
    {
        _sinceEvent += read;
        return _sinceEvent <= limit ? read : throw new InvalidDataException($"one event has more than {limit} bytes");
    }
}
