using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.Auth;
using EdgeGuard.ControlPlane.Data;
using EdgeGuard.ControlPlane.Hosting;
using EdgeGuard.ControlPlane.Stream;
using Microsoft.EntityFrameworkCore;

namespace EdgeGuard.ControlPlane.Edges;

/// <summary>The inventory of edges, their creation, their tokens, and the fleet at a glance.</summary>
internal static class EdgeEndpoints
{
    private const int DefaultOverlapSeconds = 3_600;
    private const int MaxOverlapSeconds = 604_800;
    private const int MaxLabels = 16;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(ApiRoutes.Edges, ListAsync).Guard(ApiAction.ReadEdges, perMinute: 600)
            .WithName("listEdges").WithSummary("The inventory of edges.").Produces<IReadOnlyList<EdgeInfo>>();
        // A fleet is set up by script: a thousand edges within a minute are legitimate.
        routes.MapPost(ApiRoutes.Edges, CreateAsync).Guard(ApiAction.CreateEdge, perMinute: 1_200)
            .WithName("createEdge").WithSummary("Creates an edge; its token and key are shown once.")
            .Accepts<CreateEdge>("application/json").Produces<EdgeCredentials>(StatusCodes.Status201Created);
        routes.MapPost(ApiRoutes.Edges + "/{id}" + ApiRoutes.EdgeTokens, RotateAsync).Guard(ApiAction.RotateEdgeToken, perMinute: 600)
            .WithName("rotateEdgeToken").WithSummary("A new token for an edge; the one before stays valid for the overlap.")
            .Accepts<RotateToken>("application/json").Produces<EdgeCredentials>(StatusCodes.Status201Created);
        routes.MapGet(ApiRoutes.Status, StatusAsync).Guard(ApiAction.ReadStatus, perMinute: 600)
            .WithName("getStatus").WithSummary("The fleet at a glance.").Produces<FleetStatus>();
    }

    private static async Task<IResult> ListAsync(ControlPlaneDbContext rows, EdgeInventory inventory, CancellationToken cancellation) =>
        Results.Json(await inventory.ListAsync(rows, cancellation), ContractsJson.Default.IReadOnlyListEdgeInfo);

    private static async Task<IResult> CreateAsync(HttpContext http, Caller caller, EdgeRegistrar registrar)
    {
        var (request, problem) = await JsonBody.ReadAsync(http, ContractsJson.Default.CreateEdge);
        if (request is null)
        {
            return problem!;
        }

        var errors = Check(request);
        if (errors.Count > 0)
        {
            return JsonBody.Invalid(errors);
        }

        var labels = request.Labels ?? new Dictionary<string, string>(StringComparer.Ordinal);
        var created = await registrar.CreateAsync(caller, request.EdgeId, labels, http.RequestAborted);
        return created is null
            ? Problems.Result(StatusCodes.Status409Conflict, ControlPlaneCodes.AlreadyExists, "Exists already",
                $"An edge with id '{request.EdgeId}' exists already.")
            : Results.Json(created, ContractsJson.Default.EdgeCredentials, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> RotateAsync(HttpContext http, string id, Caller caller, EdgeRegistrar registrar)
    {
        var (request, problem) = await JsonBody.ReadAsync(http, ContractsJson.Default.RotateToken);
        if (request is null)
        {
            return problem!;
        }

        var seconds = request.OverlapSeconds ?? DefaultOverlapSeconds;
        if (seconds is < 0 or > MaxOverlapSeconds)
        {
            return JsonBody.Invalid([Problems.Item(ControlPlaneCodes.RequestInvalid, "overlap_seconds",
                $"{seconds} is not between 0 and {MaxOverlapSeconds}.", "give the seconds that the present token stays valid")]);
        }

        var rotated = await registrar.RotateAsync(caller, id, TimeSpan.FromSeconds(seconds), http.RequestAborted);
        return rotated is null
            ? Problems.NotFound("There is no edge with this id.")
            : Results.Json(rotated, ContractsJson.Default.EdgeCredentials, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> StatusAsync(
        ControlPlaneDbContext rows, Caller caller, EdgeInventory inventory, DirectiveHub hub, CancellationToken cancellation)
    {
        var organization = await rows.Organizations.AsNoTracking().SingleAsync(cancellation);
        var state = await hub.StateAsync(caller.OrganizationId, cancellation);
        var status = new FleetStatus(
            organization.Name, state.Lineage, state.Epoch, state.Bundle?.Version ?? 0, state.Bundle?.Digest ?? string.Empty,
            state.KillSwitches.Sequence, state.KillSwitches.Count, await inventory.ListAsync(rows, cancellation));
        return Results.Json(status, ContractsJson.Default.FleetStatus);
    }

    private static List<ProblemItem> Check(CreateEdge request)
    {
        var errors = new List<ProblemItem>();
        if (request.EdgeId is not { Length: > 0 and <= 64 } id || id.Any(character => !char.IsAsciiLetterLower(character) && !char.IsAsciiDigit(character) && character != '-'))
        {
            errors.Add(Problems.Item(ControlPlaneCodes.RequestInvalid, "edge_id",
                "An edge id is 1 to 64 of a-z, 0-9 and '-'.", "for example edge-eu-1"));
        }

        if (request.Labels is { } labels && (labels.Count > MaxLabels ||
            labels.Any(label => label.Key.Length is 0 or > 64 || label.Value is null or { Length: > 256 })))
        {
            errors.Add(Problems.Item(ControlPlaneCodes.RequestInvalid, "labels",
                $"There are at most {MaxLabels} labels, with names of 1 to 64 and values of up to 256 characters."));
        }

        return errors;
    }
}
