using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace EdgeGuard.Edge.Forwarding;

/// <summary>What a client gets.</summary>
internal sealed class LaneOutput(PipeWriter pipe)
{
    private volatile bool _isSending;
    private int _progress;

    /// <summary>Where it is written.</summary>
    public PipeWriter Pipe => pipe;

    /// <summary>Whether it is waited for the client to take something.</summary>
    public bool IsSending => _isSending;

    /// <summary>Changes with everything that the client has taken.</summary>
    public int Progress => Volatile.Read(ref _progress);

    /// <summary>Sends what was written; false when the client takes no more.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> FlushAsync()
    {
        if (pipe.UnflushedBytes == 0)
        {
            return true;
        }

        _isSending = true;
        var sent = await pipe.FlushAsync();
        _isSending = false;
        _progress++;
        return !sent.IsCompleted;
    }
}
