using EdgeGuard.Edge.Streams;

namespace EdgeGuard.Edge.Bodies;

/// <summary>A request body of which the beginning was read already: that first, then the rest as it comes.</summary>
internal sealed class ReplayStream(RequestBody read, Stream rest) : AsyncReadStream
{
    private int _position;
    private bool _replayed;

    /// <inheritdoc />
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_replayed && !buffer.IsEmpty)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = read.Read(_position, buffer.Span);
            _position += count;
            if (count > 0)
            {
                return new(count);
            }

            _replayed = true;
        }

        return rest.ReadAsync(buffer, cancellationToken);
    }
}
