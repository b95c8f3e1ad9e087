using System.Runtime.CompilerServices;
using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Edge.Explain;

/// <summary>
/// Snapshots that entries were taken by, so that indices can be told as names afterwards. Bounded: kill switches come often and cost little,
/// bundles may be large, so 64 snapshots of at most 4 bundles are kept. An entry of an older one tells numbers without names.
/// </summary>
internal sealed class SnapshotShelf
{
    /// <summary>Most snapshots kept.</summary>
    public const int MaxSnapshots = 64;

    /// <summary>Most bundles that they are of.</summary>
    public const int MaxBundles = 4;

    private readonly Lock _gate = new();
    private readonly List<Kept> _kept = [];
    private volatile Kept _current = new(0, PolicySnapshot.Empty);
    private int _last;

    /// <summary>Number of a snapshot; puts it on the shelf when it is new.</summary>
    public int NumberOf(PolicySnapshot snapshot)
    {
        var current = _current;
        return ReferenceEquals(current.Snapshot, snapshot) ? current.Number : Put(snapshot);
    }

    /// <summary>The snapshot of a number, or null when it is no longer kept.</summary>
    public PolicySnapshot? Of(int number)
    {
        if (number == 0)
        {
            return PolicySnapshot.Empty;
        }

        lock (_gate)
        {
            return _kept.Find(kept => kept.Number == number)?.Snapshot;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Put(PolicySnapshot snapshot)
    {
        if (ReferenceEquals(snapshot, PolicySnapshot.Empty))
        {
            return 0;
        }

        lock (_gate)
        {
            var known = _kept.FindLast(kept => ReferenceEquals(kept.Snapshot, snapshot));
            if (known is not null)
            {
                // A request that began before a swap: it must not make its old snapshot the usual one again.
                return known.Number;
            }

            var added = new Kept(++_last, snapshot);
            _kept.Add(added);
            _current = added;
            Prune();
            return added.Number;
        }
    }

    private void Prune()
    {
        if (_kept.Count > MaxSnapshots)
        {
            _kept.RemoveAt(0);
        }

        if (_kept.Select(kept => kept.Snapshot.Policy).Distinct().Count() > MaxBundles)
        {
            var oldest = _kept[0].Snapshot.Policy;
            _kept.RemoveAll(kept => ReferenceEquals(kept.Snapshot.Policy, oldest));
        }
    }

    private sealed record Kept(int Number, PolicySnapshot Snapshot);
}
