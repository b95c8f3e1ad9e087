using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Edge.Bundles;

/// <summary>The snapshot in force. Readers read it once a request; writers are serialised so that none undoes another's change.</summary>
internal sealed class SnapshotHolder(DecisionEngine engine)
{
    private readonly Lock _writing = new();
    private volatile PolicySnapshot _current = PolicySnapshot.Empty;

    /// <summary>What decisions are taken by now.</summary>
    public PolicySnapshot Current => _current;

    /// <summary>Raised after every change, on the thread that made it: handlers only take note.</summary>
    public event EventHandler? Changed;

    /// <summary>Replaces the snapshot by one derived from it, prepared so that no request pays for what is made once for each policy.</summary>
    public void Update(Func<PolicySnapshot, PolicySnapshot> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        lock (_writing)
        {
            var next = change(_current);
            engine.Prepare(next);
            _current = next;
        }

        Changed?.Invoke(this, EventArgs.Empty);
    }
}
