namespace EdgeGuard.Engine.Decide;

/// <summary>
/// The admitted requests that are under way and have something to tell at their end: reserved tokens, slots in flight. Records are reused, so
/// that an admission costs no allocation once there were as many at once as there are now.
/// </summary>
/// <remarks>
/// A lock and not a lock-free list: only requests of LLM, concurrency and adaptive limits come here, and the lock is held for a few
/// instructions. A generation in the handle tells a handle that was used up from the next owner of its record.
/// </remarks>
internal sealed class AdmissionBook
{
    private const int GenerationShift = 32;
    private const int None = -1;

    private readonly Lock _lock = new();
    private volatile AdmissionRecord[] _records = [];
    private int _free = None;
    private int _open;

    /// <summary>Requests under way.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Gives out a record; the caller fills it before it shows the handle to anybody.</summary>
    public AdmissionRecord Begin(out Admission admission)
    {
        lock (_lock)
        {
            if (_free == None)
            {
                Grow();
            }

            var index = _free;
            var record = _records[index];
            _free = record.NextFree;
            record.Generation++;
            _open++;
            admission = new Admission(((long)(uint)record.Generation << GenerationShift) | (uint)index);
            return record;
        }
    }

    /// <summary>The open record of a handle, or null.</summary>
    public AdmissionRecord? Find(Admission admission)
    {
        var records = _records;
        var index = (int)(uint)admission.Token;
        return !admission.IsEmpty && index < records.Length && records[index].Generation == GenerationOf(admission) ? records[index] : null;
    }

    /// <summary>Whether a record is still that of a handle. With the record's gate held it stays so, except that it may be closed.</summary>
    public bool IsOpen(Admission admission, AdmissionRecord record) => Volatile.Read(ref record.Generation) == GenerationOf(admission);

    /// <summary>Closes a handle; true for exactly one caller, who may then use the record until <see cref="Free"/>.</summary>
    public bool TryEnd(Admission admission, AdmissionRecord record)
    {
        var generation = GenerationOf(admission);
        return Interlocked.CompareExchange(ref record.Generation, generation + 1, generation) == generation;
    }

    /// <summary>Takes a closed record back.</summary>
    public void Free(Admission admission, AdmissionRecord record)
    {
        lock (record.Gate)
        {
            record.Clear();
        }

        lock (_lock)
        {
            record.NextFree = _free;
            _free = (int)(uint)admission.Token;
            _open--;
        }
    }

    private static int GenerationOf(Admission admission) => (int)(admission.Token >> GenerationShift);

    private void Grow()
    {
        var records = _records;
        var larger = new AdmissionRecord[Math.Max(64, records.Length * 2)];
        records.CopyTo(larger, 0);
        for (var i = larger.Length - 1; i >= records.Length; i--)
        {
            larger[i] = new AdmissionRecord { NextFree = _free };
            _free = i;
        }

        _records = larger;
    }
}
