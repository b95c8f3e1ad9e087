using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.Leases;
using static EdgeGuard.ControlPlane.Tests.Leases.LedgerSamples;

namespace EdgeGuard.ControlPlane.Tests.Leases;

public sealed class LeaseLedgerTests
{
    private const long Now = Hour + 600;

    private readonly MemoryLeaseStore _store = new();

    [Fact]
    public async Task Hello_OfANewHolder_GetsASliceAsShareUpToTheReach()
    {
        var outcome = await ExchangeAsync(_store, Terms(Of()), Request(1), Now);

        // Windows of an hour are reached an hour ahead.
        Assert.Equal(50_000, ShareIn(outcome));
        Assert.Equal(50_000, ShareIn(outcome, Hour + 3_600));
        Assert.Equal(0, ShareIn(outcome, Hour + 7_200));
        Assert.Equal(Now + 3_600, outcome.Document!.Horizon);
    }

    [Fact]
    public async Task Shares_OfManyHolders_AreHalfOfTheBudgetAtMostAndNeverNothing()
    {
        var shares = new List<int>();
        for (var holder = 1; holder <= 30; holder++)
        {
            shares.Add(ShareIn(await ExchangeAsync(_store, Terms(Of()), Request(holder), Now)));
        }

        Assert.All(shares, share => Assert.InRange(share, 1, 50_000));
        Assert.InRange(shares.Sum(), 490_000, LeaseBounds.AllSharesPpm);
    }

    [Fact]
    public async Task Shares_Renewed_StayAsTheyAre()
    {
        var first = await ExchangeAsync(_store, Terms(Of()), Request(1), Now);
        for (var later = Now; later < Now + (6 * 3_600); later += 10)
        {
            var outcome = await ExchangeAsync(_store, Terms(Of()), Request(1), later);
            Assert.Equal(ShareIn(first), ShareIn(outcome, Of().Windows.At(later).Start));
        }

        Assert.InRange(_store.Shares.Count(), 1, 2);
    }

    [Fact]
    public async Task Newcomer_WhereAKeyIsGivenAway_GetsAShareOfTheNextWindowOnly()
    {
        await SpendAllAsync(1);

        var outcome = await ExchangeAsync(_store, Terms(Of()), Request(2), Now);

        Assert.Equal(0, ShareIn(outcome));
        Assert.Equal(50_000, ShareIn(outcome, Hour + 3_600));
    }

    [Fact]
    public async Task Wants_OfOneHolderAlone_AreAnsweredToTheLastUnit() => Assert.Equal(95, await SpendAllAsync(1));

    [Fact]
    public async Task Wants_WithoutHavingSeenTheLastGrant_AreToldItAgain()
    {
        var first = await ExchangeAsync(_store, Terms(Of()), Request(1, Report(wants: true)), Now);
        var again = await ExchangeAsync(_store, Terms(Of()), Request(1, Report(wants: true)), Now);
        var next = await ExchangeAsync(_store, Terms(Of()), Request(1, Report(GrantedIn(first), wants: true)), Now);

        Assert.Equal(5, GrantedIn(first));
        Assert.Equal(5, GrantedIn(again));
        Assert.True(GrantedIn(next) > 5);
    }

    [Fact]
    public async Task Nothing_Left_AsksTheOthersAndGivesWhatTheyReturn()
    {
        await ExchangeAsync(_store, Terms(Of()), Request(2), Now);
        var granted = await SpendAllAsync(1);
        Assert.Equal(90, granted);

        var asked = await ExchangeAsync(_store, Terms(Of()), Request(1, Report(granted, spent: 95, wants: true)), Now + 3);
        Assert.Equal(Holder(2), Assert.Single(asked.Others).Holder.Id);
        var recall = Assert.Single((await ExchangeAsync(_store, Terms(Of()), Request(2), Now + 3)).Document!.Recalls);
        Assert.Equal((Budget, Key, Hour), (recall.Budget, recall.Key, recall.Window));
        var returned = await ExchangeAsync(_store, Terms(Of()), Request(2, Report(returned: 5)), Now + 4);
        var rest = await ExchangeAsync(_store, Terms(Of()), Request(1, Report(granted, spent: 95, wants: true)), Now + 5);

        Assert.Empty(returned.Document!.Recalls);
        Assert.Equal(95, GrantedIn(rest));
    }

    [Fact]
    public async Task Returned_MoreThanWasHeld_CountsAsWhatWasHeld()
    {
        await ExchangeAsync(_store, Terms(Of()), Request(1), Now);
        await ExchangeAsync(_store, Terms(Of()), Request(1, Report(returned: 1_000_000)), Now);

        Assert.Equal(5, Assert.Single(_store.Holds).Returned);
    }

    [Fact]
    public async Task Unknown_BudgetTierKeyOrWindow_GetsNothing()
    {
        LeaseReport[] reports =
        [
            Report(wants: true) with { Budget = "other/rule" },
            Report(wants: true, tier: "gold"),
            Report(wants: true, window: Hour + 1),
            Report(wants: true, window: Hour - (3 * 3_600)),
            Report(wants: true, window: Hour + (3 * 3_600)),
        ];
        var outcome = await ExchangeAsync(_store, Terms(Of()), Request(1, reports), Now);

        Assert.Empty(outcome.Document!.Grants);
        Assert.Empty(_store.Holds);
    }

    [Fact]
    public async Task Tier_HasItsOwnNumbers()
    {
        var budget = Of(plan: ("pro", 1_000));
        var outcome = await ExchangeAsync(_store, Terms(budget), Request(1, Report(wants: true, tier: "pro")), Now);

        Assert.Equal(50, GrantedIn(outcome));
    }

    [Fact]
    public async Task Epoch_Raised_FreezesWhatLeasesMayHaveReached_AndNothingLater()
    {
        await ExchangeAsync(_store, Terms(Of()), Request(1), Now);

        var frozen = await ExchangeAsync(_store, Terms(Of(), epoch: 2), Request(2, Report(wants: true), Report(wants: true, window: Hour + 3_600)), Now);
        var later = await ExchangeAsync(_store, Terms(Of(), epoch: 2), Request(2, Report(wants: true, window: Hour + 7_200)), Hour + 7_200);

        Assert.Empty(frozen.Document!.Grants);
        Assert.Empty(frozen.Document.Standing);
        Assert.Equal(new LeaseFreeze(Budget, Hour + 7_200), Assert.Single(frozen.Document.Frozen));
        Assert.Equal(5, GrantedIn(later));
        Assert.Equal(50_000, ShareIn(later, Hour + 7_200));
        Assert.Empty(later.Document!.Frozen);
    }

    [Fact]
    public async Task Epoch_BehindTheEdge_IsRefused() =>
        Assert.True((await ExchangeAsync(_store, Terms(Of()), Request(1) with { AppliedEpoch = 2 }, Now)).IsBehind);

    [Fact]
    public async Task Counting_SomethingElse_GivesNothingOfWindowsThatWereReached()
    {
        await ExchangeAsync(_store, Terms(Of()), Request(1, Report(wants: true)), Now);

        var changed = await ExchangeAsync(_store, Terms(Of(identity: "2")), Request(1, Report(5, wants: true)), Now);
        var next = await ExchangeAsync(_store, Terms(Of(identity: "2")), Request(1, Report(wants: true, window: Hour + 7_200)), Hour + 7_200);

        Assert.Empty(changed.Document!.Grants);
        Assert.Single(changed.Document.Frozen);
        Assert.Equal(5, GrantedIn(next));
    }

    [Fact]
    public async Task Confirm_WhereAnythingCouldHaveBeenSpent_RetiresTheHolder()
    {
        await ExchangeAsync(_store, Terms(Of()), Request(1, Report(wants: true)), Now);

        var confirmed = await ExchangeAsync(_store, Terms(Of()), Request(1, Report(5)) with { Confirm = true }, Now);
        var after = await ExchangeAsync(_store, Terms(Of()), Request(1, Report(5, wants: true)), Now);

        Assert.True(confirmed.Document!.Forfeit);
        Assert.True(after.Document!.Forfeit);
        Assert.Equal(5, Assert.Single(_store.Holds).Granted);
    }

    [Fact]
    public async Task Confirm_OfOneThatHoldsNothing_GoesOn()
    {
        var unknown = await ExchangeAsync(_store, Terms(Of()), Request(1) with { Confirm = true }, Now);
        var later = await ExchangeAsync(_store, Terms(Of()), Request(1) with { Confirm = true }, Now + (5 * 3_600));

        Assert.False(unknown.Document!.Forfeit);
        Assert.False(later.Document!.Forfeit);
    }

    [Fact]
    public async Task Holder_OfAnotherEdge_IsNotTakenOver()
    {
        await ExchangeAsync(_store, Terms(Of()), Request(1), Now, "edge-a");
        var copied = await ExchangeAsync(_store, Terms(Of()), Request(1), Now, "edge-b");
        var owner = await ExchangeAsync(_store, Terms(Of()), Request(1), Now, "edge-a");

        Assert.True(copied.Document!.Forfeit);
        Assert.False(owner.Document!.Forfeit);
    }

    [Fact]
    public async Task Holders_OfOneEdge_AreBounded()
    {
        for (var holder = 1; holder <= LeaseBounds.MaxHolders; holder++)
        {
            Assert.False((await ExchangeAsync(_store, Terms(Of()), Request(holder), Now, "edge")).TooManyHolders);
        }

        Assert.True((await ExchangeAsync(_store, Terms(Of()), Request(1_000), Now, "edge")).TooManyHolders);
    }

    // Asks again and again until nothing more comes; returns the total of grants.
    private async Task<long> SpendAllAsync(int holder)
    {
        var granted = 0L;
        for (var turn = 0; turn < 100; turn++)
        {
            granted = GrantedIn(await ExchangeAsync(_store, Terms(Of()), Request(holder, Report(granted, spent: granted + 5, wants: true)), Now));
        }

        return granted;
    }
}
