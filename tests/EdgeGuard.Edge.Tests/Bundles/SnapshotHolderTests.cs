using EdgeGuard.Edge.Bundles;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Bundles;

public sealed class SnapshotHolderTests
{
    [Fact]
    public void Snapshot_OncePublished_LeavesNothingToPrepare()
    {
        using var table = CounterTable.Create(new CounterTableOptions(1024 * 1024, 7));
        var engine = new DecisionEngine(table);
        var holder = new SnapshotHolder(engine);

        // Preparing a second time allocates nothing; the first time it makes what belongs to the policy and the counters.
        Assert.Equal(0, Allocations.Least(
            () => engine.Prepare(holder.Current), () => holder.Update(_ => TestPolicies.Snapshot(policies: 20))));
    }
}
