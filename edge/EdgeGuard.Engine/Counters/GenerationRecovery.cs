namespace EdgeGuard.Engine.Counters;

/// <summary>Order among owners and generations after a death, and room after a life. Unsafe because they lie in the table's file.</summary>
internal static unsafe class GenerationRecovery
{
    /// <summary>Ends additions that were cut off. False when the entries contradict each other, which only damage to the file does.</summary>
    public static bool Run(OwnerSlot* owners, GenerationSlot* generations, int capacity)
    {
        for (var i = 1; i < capacity; i++)
        {
            owners[i].Oldest = 0;
            if (owners[i].Id != 0 && (owners[i].Current <= 0 || owners[i].Current >= capacity))
            {
                return false;
            }

            // An owner whose first generation was written, but not its name yet: nothing refers to either.
            if (generations[i].Owner != 0 && (uint)generations[i].Owner < (uint)capacity && owners[generations[i].Owner].Id == 0)
            {
                generations[i] = default;
            }

            generations[i].Next = 0;
        }

        return Link(owners, generations, capacity) && FindNewest(owners, generations, capacity);
    }

    /// <summary>Frees what no cell carries and nobody holds, from the oldest generation of each owner on. Whether anything was freed.</summary>
    /// <param name="owners">All owners.</param>
    /// <param name="generations">All generations.</param>
    /// <param name="capacity">How many of each, with the unused first.</param>
    /// <param name="pinned">By generation whether somebody holds it; null when nobody can.</param>
    public static bool Prune(OwnerSlot* owners, GenerationSlot* generations, int capacity, bool[]? pinned)
    {
        var freed = false;
        for (var owner = 1; owner < capacity; owner++)
        {
            var index = owners[owner].Id == 0 ? 0 : owners[owner].Oldest;
            while (index != 0 && generations[index].Cells == 0 && (pinned is null || !pinned[index]))
            {
                freed = true;
                var next = generations[index].Next;
                if (next == 0)
                {
                    Volatile.Write(ref owners[owner].Id, 0);
                }
                else
                {
                    owners[owner].Oldest = next;
                    generations[next].Previous = 0;
                }

                Volatile.Write(ref generations[index].Owner, 0);
                index = next;
            }
        }

        return freed;
    }

    private static bool Link(OwnerSlot* owners, GenerationSlot* generations, int capacity)
    {
        for (var i = 1; i < capacity; i++)
        {
            var owner = generations[i].Owner;
            if (owner == 0)
            {
                continue;
            }

            var previous = generations[i].Previous;
            if ((uint)owner >= (uint)capacity || (uint)previous >= (uint)capacity)
            {
                return false;
            }

            if (previous != 0 && generations[previous].Owner == owner)
            {
                if (generations[previous].Next != 0)
                {
                    return false;
                }

                generations[previous].Next = i;
                continue;
            }

            // The one before was freed, or there was none.
            if (owners[owner].Oldest != 0)
            {
                return false;
            }

            generations[i].Previous = 0;
            owners[owner].Oldest = i;
        }

        return true;
    }

    private static bool FindNewest(OwnerSlot* owners, GenerationSlot* generations, int capacity)
    {
        for (var owner = 1; owner < capacity; owner++)
        {
            if (owners[owner].Id == 0)
            {
                continue;
            }

            var index = owners[owner].Oldest;
            if (index == 0)
            {
                owners[owner].Id = 0;
                continue;
            }

            for (var steps = 0; generations[index].Next != 0; steps++)
            {
                if (steps == capacity)
                {
                    return false;
                }

                index = generations[index].Next;
            }

            owners[owner].Current = index;
        }

        return true;
    }
}
