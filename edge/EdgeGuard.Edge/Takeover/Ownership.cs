namespace EdgeGuard.Edge.Takeover;

/// <summary>
/// Whether this process owns the state directory. One that takes over does once it listens; until then it speaks to nobody in the edge's name and freezes
/// no counts, so that the other process can go on as if nothing had been, should this one fail.
/// </summary>
/// <param name="isOwner">Whether it does from the start.</param>
internal sealed class Ownership(bool isOwner)
{
    private readonly TaskCompletionSource _owned = New(isOwner);
    private readonly TaskCompletionSource _alone = New(isOwner);

    /// <summary>Ends once this process is the owner.</summary>
    public Task Owned => _owned.Task;

    /// <summary>Whether it is.</summary>
    public bool IsOwner => _owned.Task.IsCompleted;

    /// <summary>Ends once this process is the owner and nobody shares the counters with it any more.</summary>
    public Task Alone => _alone.Task;

    /// <summary>From now on it is.</summary>
    /// <param name="ended">Ends with the process that it was taken from.</param>
    public void Take(Task ended)
    {
        _owned.TrySetResult();
        _ = ended.ContinueWith(_ => _alone.TrySetResult(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private static TaskCompletionSource New(bool isOwner)
    {
        var owned = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (isOwner)
        {
            owned.SetResult();
        }

        return owned;
    }
}
