using System.Runtime.CompilerServices;

namespace EdgeGuard.Edge.Lane;

/// <summary>Awaited, it goes on on a loop's thread: at once when it is there already.</summary>
internal readonly struct LaneEntry(LaneLoop loop, bool isThere) : ICriticalNotifyCompletion
{
    /// <summary>Whether it goes on at once.</summary>
    public bool IsCompleted => isThere;

    /// <summary>Itself.</summary>
    public LaneEntry GetAwaiter() => this;

    /// <inheritdoc />
    public void OnCompleted(Action continuation) => loop.Post(continuation);

    /// <inheritdoc />
    public void UnsafeOnCompleted(Action continuation) => loop.Post(continuation);

    /// <summary>Nothing.</summary>
    public void GetResult()
    {
    }
}
