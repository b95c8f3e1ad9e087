using EdgeGuard.Contracts;
using EdgeGuard.Edge.Leases;
using EdgeGuard.Engine.Counters;

namespace EdgeGuard.Edge.Tests.Leases;

public sealed class LeaseBookTests : IDisposable
{
    private const string Salt = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    private readonly CounterTable _table = CounterTable.Create(new CounterTableOptions(CounterTable.MinMemoryBytes, 1));
    private readonly LeaseBook _book;

    public LeaseBookTests() => _book = new LeaseBook(_table.Leases);

    [Fact]
    public void Answer_OfTheFirstExchange_OpensTheLeases()
    {
        Assert.False(_table.Leases.IsOpen);

        Assert.Equal(LeaseOutcome.Applied, Apply(Document()));
        Assert.True(_table.Leases.IsOpen);
        Assert.Equal((_book.Holder, Salt, "line", 1L), (_book.Memory.Holder, _book.Memory.Salt, _book.Memory.Issuer, _book.Memory.Epoch));
    }

    [Fact]
    public void Forfeit_BeginsAsAnotherHolder_WithNothing()
    {
        Apply(Document() with { Standing = [new LeaseStanding("p/spend", 50_000, 0, 100)] });
        var former = _book.Holder;

        Assert.Equal(LeaseOutcome.NewHolder, Apply(Document() with { Forfeit = true }));
        Assert.NotEqual(former, _book.Holder);
        Assert.False(_table.Leases.IsOpen);
        Assert.Empty(_book.Memory.Shares);
        Assert.Equal(LeaseOutcome.LeftAside, Apply(Document() with { Holder = former }));
    }

    [Fact]
    public void OtherSaltOrControlPlane_BeginsAsAnotherHolder()
    {
        Apply(Document());
        Assert.Equal(LeaseOutcome.NewHolder, Apply(Document() with { Salt = "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA" }));
        Apply(Document());
        Assert.Equal(LeaseOutcome.NewHolder, _book.Apply(Document(), "another line", 1, null, 0, 0));
    }

    [Fact]
    public void DocumentOfAnEarlierEpoch_IsLeftAside()
    {
        _book.Apply(Document(), "line", 5, null, 0, 0);

        Assert.Equal(LeaseOutcome.LeftAside, _book.Apply(Document(), "line", 4, null, 0, 0));
        Assert.Equal(LeaseOutcome.Applied, _book.Apply(Document(), "line", 5, null, 0, 0));
    }

    [Fact]
    public void DocumentOutOfBounds_IsRefusedAndChangesNothing()
    {
        LeaseDocument[] documents =
        [
            Document() with { Salt = "short" },
            Document() with { Standing = [new LeaseStanding("p/spend", 1_000_001, 0, 0)] },
            Document() with { Standing = [new LeaseStanding("p/spend", 1, 2, 1)] },
            Document() with { Grants = [new LeaseGrant("p/spend", "k", 0, -1)] },
            Document() with { Grants = [new LeaseGrant("p/spend", "k", 0, LeaseLimits.UnitsEnd)] },
            Document() with { Grants = null! },
            Document() with { Recalls = Enumerable.Repeat(new LeaseRecall("p/spend", "k", 0), LeaseLimits.MaxRecalls + 1).ToList() },
        ];

        Assert.All(documents, document => Assert.Equal(LeaseOutcome.Refused, Apply(document)));
        Assert.False(_table.Leases.IsOpen);
    }

    [Fact]
    public void StandingShares_ThatSayTheSame_AreKeptOnce()
    {
        for (var window = 0; window < 100; window++)
        {
            Apply(Document() with { Standing = [new LeaseStanding("p/spend", 50_000, window, window + 2)] });
        }

        Assert.Equal([new LeaseShare(50_000, 0, 101)], _book.Memory.Shares["p/spend"]);
    }

    public void Dispose() => _table.Dispose();

    private LeaseDocument Document() => new(_book.Holder, Salt, 0, [], [], [], Forfeit: false, []);

    private LeaseOutcome Apply(LeaseDocument document) => _book.Apply(document, "line", 1, null, 0, 0);
}
