using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.Auth;
using EdgeGuard.ControlPlane.Hosting;
using EdgeGuard.ControlPlane.Stream;

namespace EdgeGuard.ControlPlane.Leases;

/// <summary>What edges call for shares of fleet-wide budgets.</summary>
internal static class LeaseEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost(EdgeRoutes.Leases, ExchangeAsync).Guard(ApiAction.ActAsEdge, perMinute: 6_000, bodyBytes: LeaseLimits.MaxBodyBytes)
            .WithName("exchangeLeases").WithSummary("Reports what was spent of fleet-wide budgets, and gives leases, signed for the edge that asks.")
            .Accepts<LeaseRequest>("application/json").Produces<LeaseResponse>();

    private static async Task<IResult> ExchangeAsync(HttpContext http, Caller caller, LeaseService leases)
    {
        var (request, problem) = await JsonBody.ReadAsync(http, ContractsJson.Default.LeaseRequest);
        if (problem is not null)
        {
            return problem;
        }

        if (request is null)
        {
            return EdgeBody.Malformed();
        }

        if (LeaseRequestCheck.Check(request) is { } wrong)
        {
            return Problems.Result(StatusCodes.Status400BadRequest, ControlPlaneCodes.LeaseRequestInvalid, "Exchange invalid",
                $"The exchange about leases was not taken: {wrong}.");
        }

        var (outcome, signed) = await leases.ExchangeAsync(caller, request, http.RequestAborted);
        if (outcome.IsBehind)
        {
            return Problems.Result(StatusCodes.Status409Conflict, ControlPlaneCodes.EpochBehind, "Epoch behind",
                "The edge has leases of a later epoch than this database is in: it was restored without raising its epoch.");
        }

        if (outcome.TooManyHolders)
        {
            http.Response.Headers.RetryAfter = "60";
            return Problems.Result(StatusCodes.Status429TooManyRequests, ControlPlaneCodes.TooManyHolders, "Too many holders",
                $"The edge has {LeaseBounds.MaxHolders} holders of leases whose windows are not over.");
        }

        return Results.Json(new LeaseResponse(signed!), ContractsJson.Default.LeaseResponse);
    }
}
