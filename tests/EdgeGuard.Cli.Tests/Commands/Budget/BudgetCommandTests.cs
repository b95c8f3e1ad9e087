using EdgeGuard.Cli.Tests.Api;
using EdgeGuard.Contracts;

namespace EdgeGuard.Cli.Tests.Commands.Budget;

public sealed class BudgetCommandTests : IAsyncLifetime
{
    private readonly CliSession _cli = new();
    private FakeControlPlane _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await FakeControlPlane.StartAsync();
        _server.Configure(_cli);
        _server.Answer("GET " + ApiRoutes.Budgets, (IReadOnlyList<BudgetInfo>)
        [
            new("api/per-tenant", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddHours(1), 2, 10, 7.5m, 0, 3,
            [
                new BudgetEdgeInfo("e1", 1, 5, 7.5m, 0, 3),
                new BudgetEdgeInfo("e2", 1, 5, 0, 0, 0),
            ]),
        ], ContractsJson.Default.IReadOnlyListBudgetInfo);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _cli.Dispose();
    }

    [Fact]
    public async Task List_ShowsEachEdgeOfEachWindow()
    {
        var result = (await _cli.RunAsync("budget", "list")).Exits(0);

        var lines = result.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.Equal(
            ["api/per-tenant", "1970-01-01T00:00:00Z", "1970-01-01T01:00:00Z", "e1", "5%", "7.5", "0", "3"],
            lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }
}
