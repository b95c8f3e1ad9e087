using System.Threading.Tasks.Sources;

namespace EdgeGuard.Edge.Lane;

/// <summary>Wakes who waits for it, one at a time, at once and on the thread that gives it. Reused, so that waiting allocates nothing.</summary>
internal sealed class LaneSignal : IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _core;
    private bool _awaited;

    /// <summary>Waits for the next <see cref="Give"/>.</summary>
    public ValueTask WaitAsync()
    {
        _core.Reset();
        _awaited = true;
        return new ValueTask(this, _core.Version);
    }

    /// <summary>Wakes who waits, if anybody does.</summary>
    public void Give()
    {
        if (_awaited)
        {
            _awaited = false;
            _core.SetResult(true);
        }
    }

    /// <inheritdoc />
    public void GetResult(short token) => _core.GetResult(token);

    /// <inheritdoc />
    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    /// <inheritdoc />
    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
