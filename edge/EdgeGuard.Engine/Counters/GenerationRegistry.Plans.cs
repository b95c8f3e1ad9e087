namespace EdgeGuard.Engine.Counters;

/// <content>Plans of one rule: their numbers have histories of their own, and still hold for the same counters.</content>
internal sealed unsafe partial class GenerationRegistry
{
    /// <summary>
    /// Gives plans that are no longer there the numbers that hold for their callers now, those of the rule without a plan: a counter that
    /// nobody touches refills by them from their activation on.
    /// </summary>
    /// <param name="present">All owners of a bundle, each with the index of its numbers.</param>
    /// <param name="holder">Who uses them.</param>
    /// <returns>Indexes to activate with the bundle.</returns>
    public int[] Retire(Dictionary<ulong, int> present, object holder)
    {
        var retired = new List<int>();
        lock (_gate)
        {
            Enter();
            try
            {
                for (var i = 1; i < _capacity; i++)
                {
                    var (id, family) = (_owners[i].Id, _owners[i].Family);
                    if (id != 0 && family != 0 && !present.ContainsKey(id) && present.TryGetValue(family, out var heir) && TryGet(heir, out var scale))
                    {
                        var index = FindOrAdd(id, CellKind.TokenBucket, in scale, family);
                        _pins.Add(holder, index);
                        retired.Add(index);
                    }
                }
            }
            finally
            {
                Volatile.Write(ref _header->RegistryLock, 0);
            }
        }

        return [.. retired];
    }

    /// <summary>
    /// The first generation of the line that one belongs to and when it came into force; false when that was no later than another
    /// generation did, or either is not known.
    /// </summary>
    public bool TryGetLine(int other, int index, out int first, out long activatedAt)
    {
        first = Unknown;
        activatedAt = 0;
        if (index <= Unknown || index >= _capacity || OwnerOf(index) == OwnerOf(other))
        {
            return false;
        }

        first = Volatile.Read(ref _owners[OwnerOf(index)].Oldest);
        if (first <= Unknown || first >= _capacity)
        {
            return false;
        }

        activatedAt = Volatile.Read(ref _generations[first].ActivatedAt);
        var before = Volatile.Read(ref _generations[other].ActivatedAt);
        return before != 0 && activatedAt > before;
    }
}
