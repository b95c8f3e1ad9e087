using System.Globalization;
using System.Net.Http.Headers;
using EdgeGuard.Bundles.Reading;
using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.Auth;
using EdgeGuard.ControlPlane.Data;
using EdgeGuard.ControlPlane.Hosting;
using EdgeGuard.ControlPlane.Orgs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Primitives;

namespace EdgeGuard.ControlPlane.Policies;

/// <summary>Bundles: push, list, read.</summary>
internal static class BundleEndpoints
{
    private const string VersionHeader = "X-EdgeGuard-Bundle-Version";
    private const string MessageHeader = "X-EdgeGuard-Message";
    private const int MaxMessage = 500;
    private const int MaxListed = 200;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(ApiRoutes.Bundles, ListAsync).Guard(ApiAction.ReadBundles, perMinute: 300)
            .WithName("listBundles").WithSummary("Published versions, newest first, at most 200.").Produces<IReadOnlyList<BundleInfo>>();
        routes.MapPost(ApiRoutes.Bundles, PushAsync).Guard(ApiAction.DraftBundle, perMinute: 120, bodyBytes: ReadLimits.Bundle.MaxBytes)
            .WithName("pushBundle").WithSummary("Publishes a bundle, or validates and compares it with ?dry_run=true.")
            .Accepts<string>("application/yaml", "application/json")
            .Produces<BundleInfo>().Produces<BundleInfo>(StatusCodes.Status201Created);
        routes.MapGet(ApiRoutes.CurrentBundle, CurrentAsync).Guard(ApiAction.ReadBundles, perMinute: 300)
            .WithName("getCurrentBundle").WithSummary("Canonical JSON of the bundle in force.").Produces<string>(contentType: "application/json");
        routes.MapGet(ApiRoutes.Bundles + "/{version:long}", GetAsync).Guard(ApiAction.ReadBundles, perMinute: 300)
            .WithName("getBundle").WithSummary("Canonical JSON of a version.").Produces<string>(contentType: "application/json");
    }

    private static async Task<IResult> ListAsync(ControlPlaneDbContext rows, UserDirectory users, CancellationToken cancellation)
    {
        var emails = await users.EmailsAsync(rows, cancellation);
        var edges = await rows.Edges.CountAsync(cancellation);
        var list = await rows.BundleVersions.AsNoTracking().OrderByDescending(row => row.Version).Take(MaxListed)
            .Select(row => new { row.Version, row.Digest, row.AuthorId, row.PublishedAt, row.Message }).ToListAsync(cancellation);
        IReadOnlyList<BundleInfo> answer = list.ConvertAll(row => new BundleInfo
        {
            Version = row.Version,
            Digest = row.Digest,
            Author = UserDirectory.Show(emails, row.AuthorId),
            PublishedAt = row.PublishedAt,
            Message = row.Message,
            Edges = edges,
        });
        return Results.Json(answer, ContractsJson.Default.IReadOnlyListBundleInfo);
    }

    private static async Task<IResult> PushAsync(
        HttpContext http, Caller caller, ControlPlaneDbContext rows, BundlePublisher publisher, UserDirectory users, TimeProvider time)
    {
        var (request, problem) = await ReadAsync(http);
        if (request is null)
        {
            return problem!;
        }

        if (!request.DryRun && !RolePermissions.Allows(caller.Credential, ApiAction.PublishBundle))
        {
            return Problems.Result(StatusCodes.Status403Forbidden, ControlPlaneCodes.ActionDenied, "Not allowed",
                $"Role {caller.Credential.Role} may validate with ?dry_run=true, not publish.");
        }

        var outcome = await publisher.PublishAsync(caller, request, http.RequestAborted);
        if (outcome.Moved)
        {
            return Problems.Result(StatusCodes.Status412PreconditionFailed, ControlPlaneCodes.VersionMoved, "Version moved",
                string.Create(CultureInfo.InvariantCulture, $"Version {outcome.Version} is in force, not the one that was expected. Compare again."));
        }

        var findings = outcome.Diagnostics.Select(Problems.Item).ToList();
        if (outcome.Refused)
        {
            return Problems.Result(StatusCodes.Status422UnprocessableEntity, ControlPlaneCodes.BundleRefused, "Bundle refused",
                findings.Count == 1 ? findings[0].Message : string.Create(CultureInfo.InvariantCulture, $"{findings.Count} findings."), findings);
        }

        var emails = await users.EmailsAsync(rows, http.RequestAborted);
        var info = new BundleInfo
        {
            Version = outcome.Version,
            Digest = outcome.Digest,
            Author = UserDirectory.Show(emails, outcome.Row?.AuthorId ?? caller.Credential.UserId!),
            PublishedAt = outcome.Row?.PublishedAt ?? time.GetUtcNow(),
            Message = outcome.Row?.Message ?? request.Message,
            Changes = outcome.Changes.Select(change => new ChangeInfo(change.Kind, change.Path, change.Before, change.After, change.Effect)).ToList(),
            Findings = findings,
            Edges = outcome.Edges,
        };
        return Results.Json(info, ContractsJson.Default.BundleInfo, statusCode: outcome.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private static async Task<IResult> CurrentAsync(HttpContext http, ControlPlaneDbContext rows) => Document(http,
        await rows.BundleVersions.AsNoTracking().OrderByDescending(row => row.Version).FirstOrDefaultAsync(http.RequestAborted));

    private static async Task<IResult> GetAsync(HttpContext http, long version, ControlPlaneDbContext rows) => Document(http,
        await rows.BundleVersions.AsNoTracking().SingleOrDefaultAsync(row => row.Version == version, http.RequestAborted));

    private static IResult Document(HttpContext http, BundleVersionRow? row)
    {
        if (row is null)
        {
            return Problems.NotFound("There is no such bundle version.");
        }

        http.Response.Headers[VersionHeader] = row.Version.ToString(CultureInfo.InvariantCulture);
        http.Response.Headers.ETag = "\"" + row.Digest + "\"";
        return Results.Bytes(row.Document, "application/json");
    }

    private static async Task<(PublishRequest? Request, IResult? Problem)> ReadAsync(HttpContext http)
    {
        var type = MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var media) ? media.MediaType?.ToLowerInvariant() : null;
        var fileName = type switch
        {
            "application/json" => "bundle.json",
            "application/yaml" or "application/x-yaml" or "text/yaml" => "bundle.yaml",
            _ => null,
        };
        if (fileName is null)
        {
            return (null, Problems.Result(StatusCodes.Status415UnsupportedMediaType, ControlPlaneCodes.MediaTypeUnsupported,
                "Media type not supported", "Send application/yaml or application/json."));
        }

        var dryRun = DryRun(http.Request.Query["dry_run"]);
        if (dryRun is null)
        {
            return (null, JsonBody.Invalid([Problems.Item(ControlPlaneCodes.RequestInvalid, "dry_run", "dry_run is neither true nor false.")]));
        }

        var message = http.Request.Query["message"].FirstOrDefault() ?? http.Request.Headers[MessageHeader].FirstOrDefault() ?? string.Empty;
        if (message.Length > MaxMessage || message.Any(character => char.IsControl(character) && character != '\n'))
        {
            return (null, JsonBody.Invalid([Problems.Item(ControlPlaneCodes.RequestInvalid, "message",
                $"The message is longer than {MaxMessage} characters or holds control characters.")]));
        }

        var expectedText = http.Request.Headers.IfMatch.FirstOrDefault() ?? http.Request.Query["expected_version"].FirstOrDefault();
        long? expected = null;
        if (expectedText is not null and not "*")
        {
            if (!long.TryParse(expectedText.AsSpan().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return (null, JsonBody.Invalid([Problems.Item(ControlPlaneCodes.RequestInvalid, "expected_version",
                    "The expected version is not a whole number.", "give the version that you compared with; 0 for none")]));
            }

            expected = number;
        }

        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        return (new PublishRequest(body.ToArray(), fileName, dryRun.Value, expected, message), null);
    }

    // Null when it cannot be understood: who writes "dry_run=yes" must not publish.
    private static bool? DryRun(StringValues values) => values.Count switch
    {
        0 => false,
        1 => bool.TryParse(values[0], out var given) ? given : null,
        _ => null,
    };
}
