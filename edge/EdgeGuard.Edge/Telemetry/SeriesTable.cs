using EdgeGuard.Contracts;

namespace EdgeGuard.Edge.Telemetry;

/// <summary>
/// Which series lies in which slot. Slots 0 to 2 are what finds no room (allowed, refused, shadow). A slot whose series is no longer
/// counted is given to another series without being zeroed: counts are cumulative by slot, so a late increment is counted once and never
/// lost. Not thread-safe: the recorder's lock is held.
/// </summary>
internal sealed class SeriesTable
{
    /// <summary>Slots of what finds no room.</summary>
    public const int OtherSlots = 3;

    /// <summary>Label of what finds no room.</summary>
    public const string Other = "other";

    /// <summary>Intervals without a count after which a slot may be given away: a thread that was stopped in between has long gone on.</summary>
    private const int QuietIntervals = 3;

    private static readonly DecisionCount[] Others =
    [
        new(Other, string.Empty, "allow", string.Empty, string.Empty, false, 0, 0),
        new(Other, string.Empty, "reject", string.Empty, string.Empty, false, 0, 0),
        new(Other, string.Empty, "reject", string.Empty, string.Empty, true, 0, 0),
    ];

    /// <summary>Label of counts whose name was lost with power.</summary>
    public static DecisionCount Nameless => Others[0];

    private readonly CounterMemory _memory;
    private readonly DecisionCount?[] _names = new DecisionCount?[CounterLayout.Capacity];
    private readonly Dictionary<DecisionCount, int> _slots = [];
    private readonly Dictionary<DecisionCount, long> _retired = [];
    private readonly Stack<int> _free = new();
    private readonly long[] _starts = new long[CounterLayout.Capacity];
    private readonly long[] _lastSeen = new long[CounterLayout.Capacity];
    private readonly byte[] _quiet = new byte[CounterLayout.Capacity];

    /// <summary>Takes over what the memory holds already.</summary>
    public SeriesTable(CounterMemory memory)
    {
        _memory = memory;
        for (var slot = CounterLayout.Capacity - 1; slot >= 0; slot--)
        {
            var name = slot < OtherSlots ? Others[slot] : SeriesName.Read(memory.Name(slot));
            _starts[slot] = _lastSeen[slot] = memory.Sum(slot);
            if (name is not null && _slots.TryAdd(name, slot))
            {
                _names[slot] = name;
            }
            else
            {
                _free.Push(slot);
            }
        }
    }

    /// <summary>Whether names stay as they are, because another process is taking the memory over.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Takes in what another process has added meanwhile, which was to take the memory over and did not.</summary>
    public void Reopen()
    {
        IsClosed = false;
        _free.Clear();
        for (var slot = CounterLayout.Capacity - 1; slot >= 0; slot--)
        {
            if (_names[slot] is not null)
            {
                continue;
            }

            if (SeriesName.Read(_memory.Name(slot)) is { } name && _slots.TryAdd(name, slot))
            {
                _names[slot] = name;
                _starts[slot] = _lastSeen[slot] = _memory.Sum(slot);
                _quiet[slot] = 0;
            }
            else
            {
                _free.Push(slot);
            }
        }
    }

    /// <summary>Slots not in use.</summary>
    public int FreeSlots => _free.Count;

    /// <summary>Labels by slot; a copy.</summary>
    public DecisionCount?[] Names() => (DecisionCount?[])_names.Clone();

    /// <summary>The slot of a series, made if need be.</summary>
    public int SlotOf(DecisionCount labels)
    {
        var name = SeriesName.Normalize(labels);
        if (_slots.TryGetValue(name, out var slot))
        {
            return slot;
        }

        if (IsClosed || !_free.TryPop(out slot))
        {
            return name.Shadow ? 2 : name.Verdict == "reject" ? 1 : 0;
        }

        SeriesName.Write(_memory.Name(slot), name);
        _names[slot] = name;
        _slots.Add(name, slot);
        _starts[slot] = _lastSeen[slot] = _memory.Sum(slot);
        _quiet[slot] = 0;
        return slot;
    }

    /// <summary>
    /// Once an interval: frees slots that no live index leads to, that were not counted in for <see cref="QuietIntervals"/> intervals and whose
    /// counts are all in frozen batches; only while less than half of the slots are free.
    /// </summary>
    /// <param name="used">Slots that a live index leads to.</param>
    /// <param name="frozen">Counts that frozen batches reach to, by slot; null when nothing is ever sent.</param>
    public void Recycle(bool[] used, long[]? frozen)
    {
        if (IsClosed)
        {
            return;
        }

        for (var slot = OtherSlots; slot < CounterLayout.Capacity; slot++)
        {
            var count = _memory.Sum(slot);
            var settled = count == _lastSeen[slot] && !used[slot] && (frozen is null || frozen[slot] == count);
            _quiet[slot] = settled ? (byte)Math.Min(_quiet[slot] + 1, QuietIntervals) : (byte)0;
            _lastSeen[slot] = count;
            if (_quiet[slot] == QuietIntervals && _names[slot] is { } name && _free.Count < CounterLayout.Capacity / 2)
            {
                Retire(name, count - _starts[slot]);
                SeriesName.Clear(_memory.Name(slot));
                _names[slot] = null;
                _slots.Remove(name);
                _free.Push(slot);
            }
        }
    }

    /// <summary>Counts since the table was made, the retired ones included; a copy.</summary>
    public SeriesTotals Totals()
    {
        var counts = new long[CounterLayout.Capacity];
        for (var slot = 0; slot < counts.Length; slot++)
        {
            counts[slot] = _names[slot] is null ? 0 : _memory.Sum(slot) - _starts[slot];
        }

        return new SeriesTotals(Names(), counts, [.. _retired]);
    }

    // Retired series keep their place in the totals, so that metrics never run backwards; bounded like the live ones, without the version.
    private void Retire(DecisionCount name, long count)
    {
        if (count == 0)
        {
            return;
        }

        var key = name with { BundleVersion = 0 };
        if (!_retired.ContainsKey(key) && _retired.Count >= CounterLayout.Capacity)
        {
            key = Others[name.Shadow ? 2 : name.Verdict == "reject" ? 1 : 0];
        }

        _retired[key] = _retired.GetValueOrDefault(key) + count;
    }
}
