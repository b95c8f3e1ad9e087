using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.Auth;
using EdgeGuard.ControlPlane.Data;
using EdgeGuard.ControlPlane.Edges;
using EdgeGuard.ControlPlane.Hosting;
using EdgeGuard.ControlPlane.Orgs;
using EdgeGuard.ControlPlane.Stream;
using Microsoft.EntityFrameworkCore;

namespace EdgeGuard.ControlPlane.ApiKeys;

/// <summary>API keys: making, listing, rotating and revoking them.</summary>
internal static class ApiKeyEndpoints
{
    /// <summary>Who removed a key whose time was over.</summary>
    public const string Expiry = "system:expiry";

    private const int PerMinute = 600;
    private const int DefaultOverlapSeconds = 86_400;
    private const int MaxOverlapSeconds = 7_776_000;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(ApiRoutes.ApiKeys, ListAsync).Guard(ApiAction.ReadApiKeys, PerMinute)
            .WithName("listApiKeys").WithSummary("API keys, never their values.").Produces<IReadOnlyList<ApiKeyInfo>>();
        routes.MapPost(ApiRoutes.ApiKeys, CreateAsync).Guard(ApiAction.CreateApiKey, PerMinute)
            .WithName("createApiKey").WithSummary("Makes an API key; its value is shown once.")
            .Accepts<CreateApiKey>("application/json").Produces<NewApiKey>(StatusCodes.Status201Created);
        routes.MapPost(ApiRoutes.ApiKeys + "/{id}" + ApiRoutes.ApiKeyRotations, RotateAsync).Guard(ApiAction.RotateApiKey, PerMinute)
            .WithName("rotateApiKey").WithSummary("A new key in the place of another, which stays valid for the overlap.")
            .Accepts<RotateApiKey>("application/json").Produces<NewApiKey>(StatusCodes.Status201Created);
        routes.MapDelete(ApiRoutes.ApiKeys + "/{id}", RevokeAsync).Guard(ApiAction.RevokeApiKey, PerMinute)
            .WithName("revokeApiKey").WithSummary("Revokes an API key on every edge.").Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> ListAsync(
        ControlPlaneDbContext rows, ApiKeyReader reader, UserDirectory users, EdgeStates states, DirectiveHub hub, Caller caller, TimeProvider time,
        bool? all, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var emails = await users.EmailsAsync(rows, cancellation);
        var connected = hub.ConnectedEdges(caller.OrganizationId);
        var query = rows.ApiKeys.AsNoTracking();
        if (all != true)
        {
            query = query.Where(row => row.RemovedAt == null && (row.ExpiresAt == null || row.ExpiresAt > now));
        }

        IReadOnlyList<ApiKeyInfo> list = (await query.OrderBy(row => row.CreatedAt).ThenBy(row => row.Id).ToListAsync(cancellation))
            .ConvertAll(row => Info(row, reader.Definition(row), now, emails, states, connected));
        return Results.Json(list, ContractsJson.Default.IReadOnlyListApiKeyInfo);
    }

    private static async Task<IResult> CreateAsync(HttpContext http, Caller caller, ApiKeyStore store, ApiKeyAnswers answers, TimeProvider time)
    {
        var (request, problem) = await JsonBody.ReadAsync(http, ContractsJson.Default.CreateApiKey);
        if (request is null)
        {
            return problem!;
        }

        var errors = ApiKeyRequest.Check(request, time.GetUtcNow());
        if (errors.Count > 0)
        {
            return Invalid(errors);
        }

        try
        {
            return await answers.MadeAsync(await store.CreateAsync(caller, request, http.RequestAborted), caller, http);
        }
        catch (SetFullException)
        {
            return Full();
        }
    }

    private static async Task<IResult> RotateAsync(HttpContext http, string id, Caller caller, ApiKeyStore store, ApiKeyAnswers answers)
    {
        var (request, problem) = await JsonBody.ReadAsync(http, ContractsJson.Default.RotateApiKey);
        if (request is null)
        {
            return problem!;
        }

        var seconds = request.OverlapSeconds ?? DefaultOverlapSeconds;
        if (seconds is < 0 or > MaxOverlapSeconds)
        {
            return Invalid([Problems.Item(ControlPlaneCodes.ApiKeyInvalid, "overlap_seconds",
                $"{seconds} is not between 0 and {MaxOverlapSeconds}.", "give the seconds that the present key stays valid")]);
        }

        try
        {
            return await store.RotateAsync(caller, id, TimeSpan.FromSeconds(seconds), http.RequestAborted) is { } made
                ? await answers.MadeAsync(made, caller, http)
                : Problems.NotFound("There is no valid API key with this id that was not rotated already.");
        }
        catch (SetFullException)
        {
            return Full();
        }
    }

    private static async Task<IResult> RevokeAsync(HttpContext http, string id, string? reason, Caller caller, ApiKeyStore store)
    {
        if (string.IsNullOrWhiteSpace(reason) || reason.Length > 500 || reason.Any(char.IsControl))
        {
            return Invalid([Problems.Item(ControlPlaneCodes.ApiKeyInvalid, "reason",
                "Revoking a key needs a reason of 1 to 500 characters on one line.", "add ?reason=")]);
        }

        return await store.RevokeAsync(caller, id, reason, http.RequestAborted)
            ? Results.NoContent()
            : Problems.NotFound("There is no valid API key with this id.");
    }

    /// <summary>A key for people.</summary>
    public static ApiKeyInfo Info(
        ApiKeyRow row, CreateApiKey definition, DateTimeOffset now, IReadOnlyDictionary<string, string> emails, EdgeStates states,
        IReadOnlyList<string> connected) => new()
        {
            Id = row.Id,
            Kind = definition.Kind,
            Organization = definition.Organization,
            Environment = definition.Environment ?? "live",
            Plan = definition.Plan,
            Scopes = definition.Scopes,
            AllowedOrigins = definition.AllowedOrigins,
            AllowedMethods = definition.AllowedMethods,
            AllowedPaths = definition.AllowedPaths,
            NotBefore = row.NotBefore,
            ExpiresAt = row.ExpiresAt,
            State = StateOf(row, now),
            Replaces = row.Replaces,
            Author = UserDirectory.Show(emails, row.AuthorId),
            CreatedAt = row.CreatedAt,
            RevokedAt = row.RemovedBy is null or Expiry ? null : row.RemovedAt,
            Sequence = row.Sequence,
            ConnectedEdges = connected.Count,
            AcknowledgedEdges = connected.Count(edge => states.Find(edge) is { } state && state.ApiKeySequence >= row.Sequence),
        };

    private static string StateOf(ApiKeyRow row, DateTimeOffset now)
    {
        if (row.RemovedBy is not (null or Expiry))
        {
            return ApiKeyInfo.Revoked;
        }

        return row.ExpiresAt <= now ? ApiKeyInfo.Expired : row.ReplacedBy is not null ? ApiKeyInfo.Ending : ApiKeyInfo.Active;
    }

    private static IResult Full() => Problems.Result(StatusCodes.Status409Conflict, ControlPlaneCodes.SetFull, "Too many",
        $"There are as many API keys as edges take, at most {ApiKeyStore.MaxKeys}. Revoke those that are not needed.");

    private static IResult Invalid(List<ProblemItem> errors) => Problems.Result(
        StatusCodes.Status422UnprocessableEntity, ControlPlaneCodes.ApiKeyInvalid, "API key refused",
        errors.Count == 1 ? errors[0].Message : $"{errors.Count} findings.", errors);
}
