using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.Auth;
using EdgeGuard.ControlPlane.Data;
using EdgeGuard.ControlPlane.Edges;
using EdgeGuard.ControlPlane.Orgs;
using EdgeGuard.ControlPlane.Stream;
using Microsoft.Net.Http.Headers;

namespace EdgeGuard.ControlPlane.ApiKeys;

/// <summary>The one answer that holds the value of a key.</summary>
internal sealed class ApiKeyAnswers(
    ControlPlaneDbContext rows, ApiKeyReader reader, UserDirectory users, EdgeStates states, DirectiveHub hub, TimeProvider time)
{
    /// <summary>201 with the key.</summary>
    public async Task<IResult> MadeAsync(MadeApiKey made, Caller caller, HttpContext http)
    {
        var emails = await users.EmailsAsync(rows, http.RequestAborted);
        var info = ApiKeyEndpoints.Info(
            made.Row, reader.Definition(made.Row), time.GetUtcNow(), emails, states, hub.ConnectedEdges(caller.OrganizationId));
        http.Response.Headers[HeaderNames.CacheControl] = "no-store";
        return Results.Json(
            new NewApiKey(made.Value, info, made.PreviousExpiresAt), ContractsJson.Default.NewApiKey, statusCode: StatusCodes.Status201Created);
    }
}
