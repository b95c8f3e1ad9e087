namespace EdgeGuard.Engine.Counters;

/// <summary>Which generations somebody alive may still write into cells. Whoever keeps a reservation keeps its holder alive with it.</summary>
internal sealed class GenerationPins
{
    private readonly List<(WeakReference Holder, List<int> Indexes)> _held = [];
    private readonly HashSet<int> _forEver = [];

    /// <summary>Pins an index for the life of a holder; for ever without one.</summary>
    public void Add(object? holder, int index)
    {
        if (holder is null)
        {
            _forEver.Add(index);
            return;
        }

        // Almost always the same holder as last time: a bundle binds all its limits in a row.
        for (var i = _held.Count - 1; i >= 0; i--)
        {
            if (ReferenceEquals(_held[i].Holder.Target, holder))
            {
                _held[i].Indexes.Add(index);
                return;
            }
        }

        _held.RemoveAll(entry => !entry.Holder.IsAlive);
        _held.Add((new WeakReference(holder), [index]));
    }

    /// <summary>For each index whether it is pinned.</summary>
    public bool[] Alive(int capacity)
    {
        var pinned = new bool[capacity];
        foreach (var index in _forEver)
        {
            pinned[index] = true;
        }

        foreach (var (holder, indexes) in _held)
        {
            if (holder.IsAlive)
            {
                foreach (var index in indexes)
                {
                    pinned[index] = true;
                }
            }
        }

        return pinned;
    }
}
