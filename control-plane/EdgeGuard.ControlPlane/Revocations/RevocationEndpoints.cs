using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.Auth;
using EdgeGuard.ControlPlane.Data;
using EdgeGuard.ControlPlane.Edges;
using EdgeGuard.ControlPlane.Hosting;
using EdgeGuard.ControlPlane.Orgs;
using EdgeGuard.ControlPlane.Stream;

namespace EdgeGuard.ControlPlane.Revocations;

/// <summary>Revocations: what is in force, adding and removing.</summary>
internal static class RevocationEndpoints
{
    // As for kill switches: in an incident nobody is to wait.
    private const int PerMinute = 600;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(ApiRoutes.Revocations, ListAsync).Guard(ApiAction.ReadRevocations, PerMinute)
            .WithName("listRevocations").WithSummary("Revocations in force.").Produces<IReadOnlyList<RevocationInfo>>();
        routes.MapPost(ApiRoutes.Revocations, AddAsync).Guard(ApiAction.AddRevocation, PerMinute)
            .WithName("addRevocation").WithSummary("Voids credentials on every edge.")
            .Accepts<CreateRevocation>("application/json").Produces<RevocationInfo>(StatusCodes.Status201Created);
        routes.MapDelete(ApiRoutes.Revocations + "/{id}", RemoveAsync).Guard(ApiAction.RemoveRevocation, PerMinute)
            .WithName("removeRevocation").WithSummary("Takes a revocation out of force.").Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> ListAsync(
        ControlPlaneDbContext rows, RevocationReader reader, UserDirectory users, EdgeStates states, DirectiveHub hub, Caller caller,
        CancellationToken cancellation)
    {
        var emails = await users.EmailsAsync(rows, cancellation);
        var connected = hub.ConnectedEdges(caller.OrganizationId);
        IReadOnlyList<RevocationInfo> list = (await reader.InForceAsync(rows, cancellation))
            .ConvertAll(row => Info(row, reader.Value(row), emails, states, connected));
        return Results.Json(list, ContractsJson.Default.IReadOnlyListRevocationInfo);
    }

    private static async Task<IResult> AddAsync(
        HttpContext http, Caller caller, ControlPlaneDbContext rows, RevocationStore store, UserDirectory users, EdgeStates states, DirectiveHub hub,
        TimeProvider time)
    {
        var (request, problem) = await JsonBody.ReadAsync(http, ContractsJson.Default.CreateRevocation);
        if (request is null)
        {
            return problem!;
        }

        var errors = RevocationRequest.Check(request, time.GetUtcNow());
        if (errors.Count > 0)
        {
            return Invalid(errors);
        }

        if (await store.AddAsync(caller, request, http.RequestAborted) is not { } row)
        {
            return Problems.Result(StatusCodes.Status409Conflict, ControlPlaneCodes.SetFull, "Too many",
                $"There are {RevocationStore.MaxInForce} revocations in force. Remove some, or revoke a whole organization or subject.");
        }

        var emails = await users.EmailsAsync(rows, http.RequestAborted);
        return Results.Json(
            Info(row, request.Value, emails, states, hub.ConnectedEdges(caller.OrganizationId)),
            ContractsJson.Default.RevocationInfo, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> RemoveAsync(HttpContext http, string id, string? reason, Caller caller, RevocationStore store)
    {
        if (string.IsNullOrWhiteSpace(reason) || reason.Length > 500 || reason.Any(char.IsControl))
        {
            return Invalid([Problems.Item(ControlPlaneCodes.RevocationInvalid, "reason",
                "Removing a revocation needs a reason of 1 to 500 characters on one line.", "add ?reason=")]);
        }

        return await store.RemoveAsync(caller, id, reason, http.RequestAborted)
            ? Results.NoContent()
            : Problems.NotFound("No revocation with this id is in force.");
    }

    private static IResult Invalid(List<ProblemItem> errors) => Problems.Result(
        StatusCodes.Status422UnprocessableEntity, ControlPlaneCodes.RevocationInvalid, "Revocation refused",
        errors.Count == 1 ? errors[0].Message : $"{errors.Count} findings.", errors);

    private static RevocationInfo Info(
        RevocationRow row, string value, IReadOnlyDictionary<string, string> emails, EdgeStates states, IReadOnlyList<string> connected) => new()
        {
            Id = row.Id,
            Kind = row.Kind,
            Value = value,
            Time = row.ValidAfter,
            Reason = row.Reason,
            ExpiresAt = row.ExpiresAt,
            Author = UserDirectory.Show(emails, row.AuthorId),
            CreatedAt = row.CreatedAt,
            Sequence = row.Sequence,
            ConnectedEdges = connected.Count,
            AcknowledgedEdges = connected.Count(edge => states.Find(edge) is { } state && state.RevocationSequence >= row.Sequence),
        };
}
