using System.Collections.Concurrent;

namespace EdgeGuard.Edge.Pipeline;

/// <summary>Keeps scratch buffers for reuse: one for each thread, and some for all; bounded, so that a burst does not keep its memory for ever.</summary>
internal sealed class ScratchPool
{
    /// <summary>Most buffers kept: about 20 KiB each, so at most 5 MiB.</summary>
    private const int MaxKept = 256;

    // Of all pools together: a thread has one request at a time under its hands, and a queue that all threads share costs 40 ns more.
    [ThreadStatic]
    private static RequestScratch? _own;

    private readonly ConcurrentQueue<RequestScratch> _kept = new();
    private int _count;

    public RequestScratch Rent()
    {
        if (_own is { } own)
        {
            _own = null;
            return own;
        }

        if (_kept.TryDequeue(out var scratch))
        {
            Interlocked.Decrement(ref _count);
            return scratch;
        }

        return new RequestScratch();
    }

    public void Return(RequestScratch scratch)
    {
        if (_own is null)
        {
            _own = scratch;
            return;
        }

        if (Interlocked.Increment(ref _count) <= MaxKept)
        {
            _kept.Enqueue(scratch);
        }
        else
        {
            Interlocked.Decrement(ref _count);
        }
    }
}
