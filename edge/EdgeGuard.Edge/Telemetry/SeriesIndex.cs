using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Edge.Telemetry;

/// <summary>
/// From a decision's shape to its counter, for one snapshot. Readers take no lock: an entry's key is written before its slot is published,
/// and a table that has grown replaces the old one whole. Writers hold the recorder's lock.
/// </summary>
internal sealed class SeriesIndex(PolicySnapshot snapshot)
{
    private const int InitialEntries = 64;

    private volatile Entry[] _entries = new Entry[InitialEntries];
    private int _count;
    private bool _hasOthers;

    /// <summary>The snapshot that the indices belong to.</summary>
    public PolicySnapshot Snapshot { get; } = snapshot;

    /// <summary>Whether a shape that found no room leads to what counts the others.</summary>
    public bool HasOthers => _hasOthers;

    /// <summary>The slot of a shape, or -1 when it was not seen before.</summary>
    public int Find(in DecisionShape shape)
    {
        var entries = _entries;
        var mask = (uint)entries.Length - 1;
        var at = shape.Spread() & mask;

        // Bounded: a table is at most half full, so an empty entry ends every walk.
        for (var probes = 0; probes < entries.Length; probes++)
        {
            ref var entry = ref entries[at];
            var slot = Volatile.Read(ref entry.SlotPlusOne);
            if (slot == 0)
            {
                return -1;
            }

            if (entry.Shape == shape)
            {
                return slot - 1;
            }

            at = (at + 1) & mask;
        }

        return -1;
    }

    /// <summary>Adds a shape that <see cref="Find"/> does not know. Under the recorder's lock.</summary>
    public void Add(in DecisionShape shape, int slot)
    {
        if ((_count + 1) * 2 > _entries.Length)
        {
            var larger = new Entry[_entries.Length * 2];
            foreach (var entry in _entries)
            {
                if (entry.SlotPlusOne != 0)
                {
                    Insert(larger, entry.Shape, entry.SlotPlusOne);
                }
            }

            _entries = larger;
        }

        Insert(_entries, shape, slot + 1);
        _count++;
        _hasOthers |= slot < SeriesTable.OtherSlots;
    }

    /// <summary>The same without the shapes that found no room, so that they look again. Under the recorder's lock.</summary>
    public SeriesIndex WithoutOthers()
    {
        var index = new SeriesIndex(Snapshot);
        foreach (var entry in _entries)
        {
            if (entry.SlotPlusOne > SeriesTable.OtherSlots)
            {
                index.Add(in entry.Shape, entry.SlotPlusOne - 1);
            }
        }

        return index;
    }

    /// <summary>Marks every slot that this index leads to. Under the recorder's lock.</summary>
    public void MarkUsed(bool[] used)
    {
        foreach (var entry in _entries)
        {
            if (entry.SlotPlusOne != 0)
            {
                used[entry.SlotPlusOne - 1] = true;
            }
        }
    }

    private static void Insert(Entry[] entries, in DecisionShape shape, int slotPlusOne)
    {
        var mask = (uint)entries.Length - 1;
        var at = shape.Spread() & mask;
        while (entries[at].SlotPlusOne != 0)
        {
            at = (at + 1) & mask;
        }

        entries[at].Shape = shape;
        Volatile.Write(ref entries[at].SlotPlusOne, slotPlusOne);
    }

    private struct Entry
    {
        public DecisionShape Shape;
        public int SlotPlusOne;
    }
}
