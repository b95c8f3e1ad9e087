using EdgeGuard.Edge.Streams;

namespace EdgeGuard.Edge.Proxy;

/// <summary>A request body that tells when it has been read to its end.</summary>
internal sealed class UploadWatch(Stream inner) : AsyncReadStream
{
    private readonly Lock _gate = new();
    private Action? _sent;
    private bool _ended;
    private volatile bool _touched;

    /// <summary>Whether anything of it may have been taken.</summary>
    public bool IsTouched => _touched;

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
        _touched = true;
        var read = await inner.ReadAsync(buffer, cancellationToken);
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
