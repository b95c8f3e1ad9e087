using EdgeGuard.Bundles.Model;
using EdgeGuard.Edge.Explain;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Edge.Tests.Explain;

public sealed class SnapshotShelfTests
{
    [Fact]
    public void Snapshot_OnTheShelf_IsFoundByItsNumber()
    {
        var shelf = new SnapshotShelf();
        var first = TestPolicies.Snapshot();
        var second = TestPolicies.Snapshot(version: 2);

        var numbers = (shelf.NumberOf(first), shelf.NumberOf(second), shelf.NumberOf(first));

        Assert.Equal(numbers.Item1, numbers.Item3);
        Assert.Same(first, shelf.Of(numbers.Item1));
        Assert.Same(second, shelf.Of(numbers.Item2));
        Assert.Same(PolicySnapshot.Empty, shelf.Of(shelf.NumberOf(PolicySnapshot.Empty)));
        Assert.Null(shelf.Of(99));
    }

    [Fact]
    public void Shelf_GivenManyBundles_KeepsTheNewest()
    {
        var shelf = new SnapshotShelf();
        var numbers = Enumerable.Range(1, SnapshotShelf.MaxBundles + 1).Select(version => shelf.NumberOf(TestPolicies.Snapshot(version: version))).ToArray();

        Assert.Null(shelf.Of(numbers[0]));
        Assert.All(numbers[1..], number => Assert.NotNull(shelf.Of(number)));
    }

    [Fact]
    public void Shelf_GivenManyKillSwitchSets_KeepsTheNewest()
    {
        var shelf = new SnapshotShelf();
        var snapshot = TestPolicies.Snapshot();
        var first = shelf.NumberOf(snapshot);
        for (var i = 0; i < SnapshotShelf.MaxSnapshots; i++)
        {
            snapshot = snapshot.WithPushedKillSwitches([new KillSwitchDefinition { Id = $"k{i}", ScopeKey = TestPolicies.ApiKey, ScopeValue = "x" }]);
            Assert.Same(snapshot, shelf.Of(shelf.NumberOf(snapshot)));
        }

        Assert.Null(shelf.Of(first));
    }
}
