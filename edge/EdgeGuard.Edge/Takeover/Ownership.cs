namespace EdgeGuard.Edge.Takeover;

/// <summary>
/// Whether this process owns the state directory. One that takes over does once it listens; until then it speaks to nobody in the edge's name and freezes
/// no counts, so that the other process can go on as if nothing had been, should this one fail.
/// </summary>
/// <param name="isOwner">Whether it does from the start.</param>
internal sealed class Ownership(bool isOwner)
{
    private readonly TaskCompletionSource _owned = New(isOwner);

    /// <summary>Ends once this process is the owner.</summary>
    public Task Owned => _owned.Task;

    /// <summary>Whether it is.</summary>
    public bool IsOwner => _owned.Task.IsCompleted;

    /// <summary>From now on it is.</summary>
    public void Take() => _owned.TrySetResult();

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
