using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.Auth;
using EdgeGuard.ControlPlane.Data;
using EdgeGuard.ControlPlane.Leases;
using EdgeGuard.ControlPlane.Tests.Support;
using EdgeGuard.Testing;
using Microsoft.EntityFrameworkCore;
using static EdgeGuard.ControlPlane.Tests.Leases.LedgerSamples;

namespace EdgeGuard.ControlPlane.Tests.Leases;

/// <summary>Leases on each database.</summary>
public abstract class LeaseStorageTests(TestStorage storage) : IAsyncLifetime
{
    private readonly TestTimeProvider _time = new();
    private TestControlPlane _plane = null!;
    private TestOrganization _organization = null!;

    public async ValueTask InitializeAsync()
    {
        _plane = await TestControlPlane.StartAsync(storage, _time);
        _organization = await _plane.CreateOrganizationAsync();
        for (var edge = 1; edge <= 8; edge++)
        {
            await _organization.CreateEdgeAsync("e" + edge);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_plane is not null)
        {
            await _plane.DisposeAsync();
        }
    }

    [Fact]
    public async Task Store_GivesBackWhatWasSaved_LikeTheOneInMemory()
    {
        var memory = new MemoryLeaseStore();
        var random = new Random(7);
        for (var step = 0; step < 60; step++)
        {
            var holder = random.Next(1, 4);
            var spent = random.Next(0, 10);
            var request = Request(holder, Report(random.Next(0, 20), random.Next(0, 3), spent, random.Next(2) == 0, window: Hour));
            var expected = await LeaseLedger.ExchangeAsync(
                memory, Terms(Of()), "e" + holder, request, (Hour + 60 + step) * 1_000, CancellationToken.None);
            var actual = await ExchangeAsync(_plane, holder, request, Of(), Hour + 60 + step);

            Assert.Equal(expected.Document!.Grants, actual.Document!.Grants);
            Assert.Equal(expected.Document.Recalls, actual.Document.Recalls);
            Assert.Equal(expected.Document.Forfeit, actual.Document.Forfeit);
            Assert.InRange(ShareIn(actual) - ShareIn(expected), -2, 0);
        }

        await using var rows = _plane.Rows(_organization.Id);
        Assert.Equal(memory.Holds.Sum(hold => hold.Granted), await rows.LeaseHolds.SumAsync(row => row.Granted));
    }

    [Fact]
    public async Task Exchanges_OfManyHoldersAtOnce_NeverGiveMoreThanTheBudget()
    {
        // On PostgreSQL from two instances: nothing but the database keeps them apart.
        using var other = Database.From(_plane.Options);
        var writers = new[] { _plane.Get<Writer>(), new Writer(other, _plane.Get<ColumnProtector>(), _time) };
        var databases = new[] { _plane.Database, storage is TestStorage.PostgreSql ? other : _plane.Database };
        await Task.WhenAll(Enumerable.Range(1, 8).Select(async holder =>
        {
            var granted = 0L;
            for (var turn = 0; turn < 8; turn++)
            {
                var at = holder % 2;
                var outcome = await ExchangeAsync(
                    storage is TestStorage.PostgreSql ? writers[at] : writers[0], databases[at], _organization.Id, holder,
                    Request(holder, Report(granted, wants: true)), Of(units: 60, slicePpm: 100_000), Hour + 60);
                granted = GrantedIn(outcome);
            }
        }));

        await using var rows = _plane.Rows(_organization.Id);
        var shares = await rows.LeaseShares.Where(row => row.FirstWindow <= Hour && row.LastWindow >= Hour).SumAsync(row => row.Ppm);
        var given = await rows.LeaseHolds.SumAsync(row => row.Granted);
        Assert.InRange((given * 1_000_000) + (60L * shares), 59_000_000, 60_000_000);
    }

    [Fact]
    public async Task Organizations_Two_HaveLeasesOfTheirOwn()
    {
        var globex = await _plane.CreateOrganizationAsync("globex");
        await globex.CreateEdgeAsync("g1");
        await ExchangeAsync(_plane, 1, Request(1, Report(wants: true)), Of(), Hour + 60);

        var outcome = await ExchangeAsync(_plane.Get<Writer>(), _plane.Database, globex.Id, 0, Request(1, Report(wants: true)), Of(), Hour + 60, "g1");

        Assert.False(outcome.Document!.Forfeit);
        Assert.Equal(5, GrantedIn(outcome));
        await using var rows = _plane.Rows(globex.Id);
        Assert.Equal(1, await rows.LeaseHolds.CountAsync());
    }

    [Fact]
    public async Task Epoch_RaisedInTheDatabase_FreezesByTheStoredStateAlone()
    {
        await ExchangeAsync(_plane, 1, Request(1, Report(wants: true)), Of(), Hour + 60);
        await using (var rows = _plane.Rows(_organization.Id))
        {
            await rows.Database.ExecuteSqlRawAsync("UPDATE lineage SET epoch = epoch + 1");
        }

        await _plane.StartAgainAsync();
        var frozen = await ExchangeAsync(_plane, 2, Request(2, Report(wants: true)), Of(), Hour + 120);
        await _plane.StartAgainAsync();
        var still = await ExchangeAsync(_plane, 2, Request(2, Report(wants: true)), Of(), Hour + 180);

        Assert.Empty(frozen.Document!.Grants);
        Assert.Empty(still.Document!.Grants);
        Assert.Single(still.Document.Frozen);
    }

    [Fact]
    public async Task Cleanup_TakesAwayWhatEndedADayAgo_AndWhoHasNothingLeft()
    {
        var hour = _time.GetUtcNow().ToUnixTimeSeconds() / 3_600 * 3_600;
        await ExchangeAsync(_plane, 1, Request(1, Report(wants: true, window: hour)), Of(), hour + 60);
        var cleanup = _plane.Get<LeaseCleanup>();

        _time.Advance(TimeSpan.FromHours(20));
        Assert.Equal(0, await cleanup.CleanAsync(CancellationToken.None));
        _time.Advance(TimeSpan.FromHours(8));
        await cleanup.CleanAsync(CancellationToken.None);

        await using var rows = _plane.Rows(_organization.Id);
        Assert.Equal(0, await rows.LeaseHolds.CountAsync());
        Assert.Equal(0, await rows.LeaseShares.CountAsync());
        Assert.Equal(0, await rows.LeaseHolders.CountAsync());
    }

    [Fact]
    public async Task Budgets_AreToldByEdge_AndKeysAsHashesOnly()
    {
        var hour = _time.GetUtcNow().ToUnixTimeSeconds() / 3_600 * 3_600;
        var budget = Of(units: 100_000_000);
        await ExchangeAsync(_plane, 1, Request(1, Report(wants: true, spent: 3_000_000, window: hour)), budget, hour + 60);
        await ExchangeAsync(_plane, 2, Request(2), budget, hour + 60);

        var info = Assert.Single(await _organization.GetAsync(ApiRoutes.Budgets, ContractsJson.Default.IReadOnlyListBudgetInfo));
        var key = Assert.Single(await _organization.GetAsync(
            ApiRoutes.BudgetKeys + "?budget=" + Uri.EscapeDataString(Budget), ContractsJson.Default.IReadOnlyListBudgetKeyInfo));

        Assert.Equal((Budget, hour, 1, 10m, 5m, 3m), (info.Budget, info.From.ToUnixTimeSeconds(), info.Keys, info.SharePercent, info.Granted, info.Spent));
        Assert.Equal(["e1", "e2"], info.Edges.Select(edge => edge.EdgeId));
        Assert.Equal((5m, 5m, 3m), (info.Edges[0].SharePercent, info.Edges[0].Granted, info.Edges[0].Spent));
        Assert.Equal((Key, 100m, 1, 5m, 3m), (key.Key, key.Units, key.Edges, key.Granted, key.Spent));
    }

    private Task<LeaseOutcome> ExchangeAsync(TestControlPlane plane, int holder, LeaseRequest request, LeaseBudget budget, long seconds) =>
        ExchangeAsync(plane.Get<Writer>(), plane.Database, _organization.Id, holder, request, budget, seconds);

    // As the service does it, with budgets of the test in place of a bundle's.
    private static Task<LeaseOutcome> ExchangeAsync(
        Writer writer, Database database, string organization, int holder, LeaseRequest request, LeaseBudget budget, long seconds, string? edge = null) =>
        writer.IngestAsync(organization, Actor.System("test"), async (write, token) =>
        {
            await database.LockLeasesAsync(write.Rows.Database, organization, token);
            var epoch = await write.Rows.Lineage.AsNoTracking().Select(row => row.Epoch).SingleAsync(token);
            return await LeaseLedger.ExchangeAsync(
                new DatabaseLeaseStore(write.Rows, organization), Terms(budget, epoch), edge ?? "e" + holder, request, seconds * 1_000, token);
        }, CancellationToken.None);
}
