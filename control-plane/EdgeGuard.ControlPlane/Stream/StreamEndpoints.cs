using System.Globalization;
using System.Text;
using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.Auth;
using EdgeGuard.ControlPlane.Data;
using EdgeGuard.ControlPlane.Edges;
using EdgeGuard.ControlPlane.Hosting;
using EdgeGuard.Options;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.EntityFrameworkCore;

namespace EdgeGuard.ControlPlane.Stream;

/// <summary>What an edge calls to get its directives: session, stream, bundle, acknowledgements.</summary>
internal static class StreamEndpoints
{
    /// <summary>How often edges are asked to send telemetry, in seconds.</summary>
    private const int TelemetrySeconds = 10;

    private const int MaxAcks = 64;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(EdgeRoutes.Session, OpenSessionAsync).Guard(ApiAction.ActAsEdge, perMinute: 120, bodyBytes: 8 * 1024)
            .WithName("openSession").WithSummary("Opens a session and hands out a challenge.")
            .Accepts<SessionRequest>("application/json").Produces<SessionGrant>();
        routes.MapGet(EdgeRoutes.Stream, StreamAsync).Guard(ApiAction.ActAsEdge, perMinute: 120)
            .WithName("openStream").WithSummary("The signed directives, as server-sent events.")
            .Produces<string>(contentType: "text/event-stream");
        routes.MapGet(EdgeRoutes.Bundle + "{version:long}", BundleAsync).Guard(ApiAction.ActAsEdge, perMinute: 240)
            .WithName("fetchSignedBundle").WithSummary("A bundle, signed for the edge that asks.")
            .Produces<string>(contentType: "application/jose");
        routes.MapPost(EdgeRoutes.Acks, AcknowledgeAsync).Guard(ApiAction.ActAsEdge, perMinute: 6_000, bodyBytes: 128 * 1024)
            .WithName("acknowledge").WithSummary("What became of directives.")
            .Accepts<AckBatch>("application/json").Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> OpenSessionAsync(
        HttpContext http, Caller caller, PendingSessions pending, ControlPlaneOptions options)
    {
        var request = await EdgeBody.ReadAsync(http, ContractsJson.Default.SessionRequest);
        if (request?.EdgeId is null || request.EdgeVersion is null or { Length: > 64 } || request.KeyId is null ||
            request.BundleDigest is null or { Length: > 128 } || request.BundleVersion < 0 || request.Continues is { Length: > 64 })
        {
            return EdgeBody.Malformed();
        }

        if (!string.Equals(request.EdgeId, caller.EdgeId, StringComparison.Ordinal))
        {
            return EdgeBody.OtherEdge();
        }

        // One version back and one ahead are understood (N and N+1).
        if (request.ProtocolVersion is < SessionRequest.CurrentProtocol - 1 or > SessionRequest.CurrentProtocol + 1)
        {
            return Problems.Result(StatusCodes.Status400BadRequest, ControlPlaneCodes.ProtocolUnsupported, "Protocol not supported",
                string.Create(CultureInfo.InvariantCulture,
                    $"The edge speaks protocol {request.ProtocolVersion}, the control plane {SessionRequest.CurrentProtocol}."));
        }

        if (!string.Equals(request.KeyId, caller.Credential.KeyId, StringComparison.Ordinal))
        {
            return Refused("The edge names a signing key that it does not have here. Configure the key that was shown when the edge was created.");
        }

        var (sessionId, challenge) = pending.Open(request);
        var grant = new SessionGrant(
            sessionId, challenge, SessionRequest.CurrentProtocol, Math.Max(1, (int)options.HeartbeatInterval.TotalSeconds), TelemetrySeconds);
        return Results.Json(grant, ContractsJson.Default.SessionGrant);
    }

    private static async Task<IResult> StreamAsync(HttpContext http, Caller caller, StreamServer server)
    {
        var sessionId = http.Request.Headers[EdgeRoutes.SessionHeader].ToString();
        var proof = http.Request.Headers[EdgeRoutes.ProofHeader].ToString();
        var connection = await server.AcceptAsync(caller, sessionId, proof, http.RequestAborted);
        if (connection is null)
        {
            return Refused("The session is unknown, older than a minute or used, or the proof does not fit the edge's key. Open a new session.");
        }

        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        http.Response.ContentType = "text/event-stream";
        await server.ServeAsync(connection, http.Response.BodyWriter, http.RequestAborted);
        return Results.Empty;
    }

    private static async Task<IResult> BundleAsync(
        HttpContext http, long version, Caller caller, ControlPlaneDbContext rows, DirectiveHub hub, KeyMaterial keys, TimeProvider time)
    {
        var row = await rows.BundleVersions.AsNoTracking().SingleOrDefaultAsync(bundle => bundle.Version == version, http.RequestAborted);
        if (row is null)
        {
            return Problems.NotFound("There is no bundle of this version.");
        }

        var tag = "\"" + row.Digest + "\"";
        http.Response.Headers.ETag = tag;
        http.Response.Headers.CacheControl = "private, no-cache";
        if (http.Request.Headers.IfNoneMatch.Contains(tag, StringComparer.Ordinal))
        {
            return Results.StatusCode(StatusCodes.Status304NotModified);
        }

        var state = await hub.StateAsync(caller.OrganizationId, http.RequestAborted);
        var signer = new DirectiveSigner(
            keys.EdgeKey(caller.OrganizationId, caller.EdgeId, caller.Credential.KeyId), caller.EdgeId, time);
        return Results.Text(signer.Bundle(state, row.Version, row.Document, row.ExpiresAt), "application/jose", Encoding.ASCII);
    }

    private static async Task<IResult> AcknowledgeAsync(HttpContext http, Caller caller, EdgeStates states)
    {
        var batch = await EdgeBody.ReadAsync(http, ContractsJson.Default.AckBatch);
        if (batch?.Acks is null || batch.Acks.Count > MaxAcks || batch.Acks.Any(ack => ack?.Kind is null || ack.Status is null || ack.Problems is null))
        {
            return EdgeBody.Malformed();
        }

        await states.AcknowledgeAsync(caller, batch.Acks, http.RequestAborted);
        return Results.NoContent();
    }

    private static IResult Refused(string detail) =>
        Problems.Result(StatusCodes.Status403Forbidden, ControlPlaneCodes.SessionRefused, "Session refused", detail);
}
