using EdgeGuard.Edge.Streams;

namespace EdgeGuard.Edge.Proxy;

/// <summary>A request body that tells when it has been read to its end, and breaks off where it is longer than it may be.</summary>
/// <param name="inner">The body.</param>
/// <param name="maxBytes">Most bytes of it that go up.</param>
internal sealed class UploadWatch(Stream inner, long maxBytes) : AsyncReadStream
{
    private readonly Lock _gate = new();
    private Action? _sent;
    private bool _ended;
    private long _length;

    /// <summary>Whether more came than it may have.</summary>
    public bool IsTooLarge => Interlocked.Read(ref _length) > maxBytes;

    /// <summary>Calls once the end has been read, at once when it has been already; null takes an earlier call back.</summary>
    public void WhenSent(Action? call)
    {
        lock (_gate)
        {
            _sent = call;
            if (_ended)
            {
                call?.Invoke();
            }
        }
    }

    /// <inheritdoc />
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        if (Interlocked.Add(ref _length, read) > maxBytes)
        {
            // Nothing of what was just read goes up: the upstream sees a request that breaks off.
            throw new IOException("The body is longer than the policy allows.");
        }

        if (read == 0 && !buffer.IsEmpty)
        {
            lock (_gate)
            {
                _ended = true;
                _sent?.Invoke();
            }
        }

        return read;
    }
}
