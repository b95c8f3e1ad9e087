using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.Auth;
using EdgeGuard.ControlPlane.Hosting;

namespace EdgeGuard.ControlPlane.Leases;

/// <summary>What people see of fleet-wide budgets.</summary>
internal static class BudgetEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(ApiRoutes.Budgets, ListAsync).Guard(ApiAction.ReadBudgets, perMinute: 120)
            .WithName("listBudgets").WithSummary("Who holds what of fleet-wide budgets, by budget and window.").Produces<IReadOnlyList<BudgetInfo>>();
        routes.MapGet(ApiRoutes.BudgetKeys, KeysAsync).Guard(ApiAction.ReadBudgets, perMinute: 120)
            .WithName("listBudgetKeys").WithSummary("Keys of one budget as hashes, most spent first.").Produces<IReadOnlyList<BudgetKeyInfo>>();
    }

    private static async Task<IResult> ListAsync(BudgetReader reader, CancellationToken cancellation) =>
        Results.Json(await reader.ListAsync(cancellation), ContractsJson.Default.IReadOnlyListBudgetInfo);

    private static async Task<IResult> KeysAsync(string budget, BudgetReader reader, CancellationToken cancellation) =>
        Results.Json(await reader.KeysAsync(budget, cancellation), ContractsJson.Default.IReadOnlyListBudgetKeyInfo);
}
