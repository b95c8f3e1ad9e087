using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.Auth;
using EdgeGuard.ControlPlane.Data;
using EdgeGuard.ControlPlane.Edges;
using EdgeGuard.ControlPlane.Hosting;
using EdgeGuard.ControlPlane.Orgs;
using EdgeGuard.ControlPlane.Stream;

namespace EdgeGuard.ControlPlane.KillSwitches;

/// <summary>Kill switches: what is in force, what one would hit, adding and removing.</summary>
internal static class KillSwitchEndpoints
{
    // An incident may need many in a minute; the on-call engineer is never the one to be limited.
    private const int PerMinute = 600;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(ApiRoutes.KillSwitches, ListAsync).Guard(ApiAction.ReadKillSwitches, PerMinute)
            .WithName("listKillSwitches").WithSummary("Kill switches in force.").Produces<IReadOnlyList<KillSwitchInfo>>();
        routes.MapPost(ApiRoutes.KillSwitches, AddAsync).Guard(ApiAction.AddKillSwitch, PerMinute)
            .WithName("addKillSwitch").WithSummary("Puts a kill switch in force on every edge.")
            .Accepts<CreateKillSwitch>("application/json").Produces<KillSwitchInfo>(StatusCodes.Status201Created);
        routes.MapPost(ApiRoutes.KillSwitchPreview, PreviewAsync).Guard(ApiAction.PreviewKillSwitch, PerMinute)
            .WithName("previewKillSwitch").WithSummary("What a kill switch would hit. Changes nothing.")
            .Accepts<CreateKillSwitch>("application/json").Produces<KillSwitchPreview>();
        routes.MapDelete(ApiRoutes.KillSwitches + "/{id}", RemoveAsync).Guard(ApiAction.RemoveKillSwitch, PerMinute)
            .WithName("removeKillSwitch").WithSummary("Takes a kill switch out of force.").Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> ListAsync(
        ControlPlaneDbContext rows, KillSwitchReader reader, UserDirectory users, EdgeStates states, DirectiveHub hub, Caller caller,
        CancellationToken cancellation)
    {
        var emails = await users.EmailsAsync(rows, cancellation);
        IReadOnlyList<KillSwitchInfo> list = (await reader.InForceAsync(rows, cancellation))
            .ConvertAll(row => Info(row, reader.Value(row), emails, states, hub.ConnectedEdges(caller.OrganizationId)));
        return Results.Json(list, ContractsJson.Default.IReadOnlyListKillSwitchInfo);
    }

    private static async Task<IResult> AddAsync(
        HttpContext http, Caller caller, ControlPlaneDbContext rows, KillSwitchStore store, UserDirectory users, EdgeStates states,
        DirectiveHub hub, TimeProvider time)
    {
        var (request, problem) = await JsonBody.ReadAsync(http, ContractsJson.Default.CreateKillSwitch);
        if (request is null)
        {
            return problem!;
        }

        var (definition, errors) = KillSwitchRequest.Check(request, time.GetUtcNow());
        if (definition is null)
        {
            return Invalid(errors);
        }

        var row = await store.AddAsync(caller, definition, http.RequestAborted);
        if (row is null)
        {
            return Problems.Result(StatusCodes.Status409Conflict, ControlPlaneCodes.AlreadyExists, "Exists already",
                $"A kill switch with id '{definition.Id}' is in force. Choose another id, or none.");
        }

        var emails = await users.EmailsAsync(rows, http.RequestAborted);
        return Results.Json(
            Info(row, definition.ScopeValue, emails, states, hub.ConnectedEdges(caller.OrganizationId)),
            ContractsJson.Default.KillSwitchInfo, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> PreviewAsync(
        HttpContext http, Caller caller, ControlPlaneDbContext rows, KillSwitchPreviewer previewer, TimeProvider time)
    {
        var (request, problem) = await JsonBody.ReadAsync(http, ContractsJson.Default.CreateKillSwitch);
        if (request is null)
        {
            return problem!;
        }

        var (definition, errors) = KillSwitchRequest.Check(request, time.GetUtcNow());
        return definition is null
            ? Invalid(errors)
            : Results.Json(
                await previewer.PreviewAsync(rows, caller.OrganizationId, definition, http.RequestAborted), ContractsJson.Default.KillSwitchPreview);
    }

    private static async Task<IResult> RemoveAsync(
        HttpContext http, string id, string? reason, Caller caller, KillSwitchStore store)
    {
        if (string.IsNullOrWhiteSpace(reason) || reason.Length > 500 || reason.Any(char.IsControl))
        {
            return Invalid([Problems.Item(ControlPlaneCodes.KillSwitchInvalid, "reason",
                "Removing a kill switch needs a reason of 1 to 500 characters on one line.", "add ?reason=")]);
        }

        return await store.RemoveAsync(caller, id, reason, http.RequestAborted)
            ? Results.NoContent()
            : Problems.NotFound("No kill switch with this id is in force.");
    }

    private static IResult Invalid(IReadOnlyList<ProblemItem> errors) => Problems.Result(
        StatusCodes.Status422UnprocessableEntity, ControlPlaneCodes.KillSwitchInvalid, "Kill switch refused",
        errors.Count == 1 ? errors[0].Message : $"{errors.Count} findings.", errors);

    private static KillSwitchInfo Info(
        KillSwitchRow row, string value, IReadOnlyDictionary<string, string> emails, EdgeStates states, IReadOnlyList<string> connected) => new()
        {
            Id = row.Id,
            ScopeKey = row.ScopeKey,
            ScopeValue = value,
            Route = row.Route,
            Reason = row.Reason,
            ExpiresAt = row.ExpiresAt,
            Status = row.Status,
            Author = UserDirectory.Show(emails, row.AuthorId),
            CreatedAt = row.CreatedAt,
            Sequence = row.Sequence,
            ConnectedEdges = connected.Count,
            AcknowledgedEdges = connected.Count(edge => states.Find(edge) is { } state && state.KillSequence >= row.Sequence),
        };
}
