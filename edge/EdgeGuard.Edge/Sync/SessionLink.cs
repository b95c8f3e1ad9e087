namespace EdgeGuard.Edge.Sync;

/// <summary>Id of the edge's last session with the control plane, by which the next one says that it goes on with it.</summary>
internal sealed class SessionLink
{
    private string? _id;

    /// <summary>The id; null before the first session. Known to the control plane and to this edge alone, so never logged.</summary>
    public string? Id
    {
        get => Volatile.Read(ref _id);
        set => Volatile.Write(ref _id, value);
    }
}
