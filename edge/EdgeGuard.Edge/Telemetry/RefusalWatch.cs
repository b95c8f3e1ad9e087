namespace EdgeGuard.Edge.Telemetry;

/// <summary>
/// Tells a batch that is refused for good from one that met a control plane in the middle of an upgrade: by how often and for how long it has been
/// refused since this process started. Not thread-safe; there is one sender at a time.
/// </summary>
internal sealed class RefusalWatch(TimeProvider time)
{
    /// <summary>Fewest refusals: 200 s of the default interval.</summary>
    public const int LeastRefusals = 20;

    /// <summary>Shortest time between the first and the last: a rollback of the control plane takes minutes.</summary>
    public static readonly TimeSpan LeastTime = TimeSpan.FromMinutes(10);

    private (long Epoch, long Sequence) _batch;
    private int _refusals;
    private long _first;

    /// <summary>Counts one more refusal of a batch, and says whether it has been refused for good.</summary>
    public bool Count(FrozenBatch batch)
    {
        if (_refusals == 0 || _batch != (batch.Epoch, batch.Sequence))
        {
            _batch = (batch.Epoch, batch.Sequence);
            _refusals = 0;
            _first = time.GetTimestamp();
        }

        _refusals++;
        return _refusals >= LeastRefusals && time.GetElapsedTime(_first) >= LeastTime;
    }
}
