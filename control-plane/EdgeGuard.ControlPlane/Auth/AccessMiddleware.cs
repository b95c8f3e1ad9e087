using EdgeGuard.ControlPlane.Data;
using EdgeGuard.ControlPlane.Hosting;

namespace EdgeGuard.ControlPlane.Auth;

/// <summary>
/// Nothing is answered without a credential, and nothing that the credential may not do. Runs after routing (it needs to know what
/// is asked for) and before everything that handles a request.
/// </summary>
internal sealed class AccessMiddleware(RequestDelegate next, CredentialReader credentials, KeyedHashes hashes, FailedAttempts failures)
{
    public async Task InvokeAsync(HttpContext http, Caller caller)
    {
        var source = hashes.Source(http.Connection.RemoteIpAddress);
        var credential = await credentials.ReadAsync(http.Request.Headers.Authorization, http.RequestAborted);
        if (credential is null)
        {
            await RefuseAsync(http, source);
            return;
        }

        caller.Enter(credential, source);

        // Without an endpoint the answer is 404 or 405, which tells a caller with a credential nothing that the documentation does not.
        if (http.GetEndpoint() is RouteEndpoint endpoint)
        {
            var access = endpoint.Metadata.GetMetadata<EndpointAccess>();
            if (access is null || !RolePermissions.Allows(credential, access.Action))
            {
                await Problems.WriteAsync(http, StatusCodes.Status403Forbidden, ControlPlaneCodes.ActionDenied, "Not allowed",
                    credential.EdgeId is null
                        ? $"Role {credential.Role} may not do this."
                        : "A token of an edge opens what edges use, nothing else.");
                return;
            }
        }

        await next(http);
    }

    private async Task RefuseAsync(HttpContext http, string source)
    {
        if (!failures.TryCount(source))
        {
            http.Response.Headers.RetryAfter = "60";
            await Problems.WriteAsync(http, StatusCodes.Status429TooManyRequests, ControlPlaneCodes.TooManyRequests, "Too many requests",
                "Too many requests without a valid credential came from this address. Wait a minute.");
            return;
        }

        http.Response.Headers.WWWAuthenticate = "Bearer";
        await Problems.WriteAsync(http, StatusCodes.Status401Unauthorized, ControlPlaneCodes.CredentialInvalid, "Credential missing or invalid",
            "Send Authorization: Bearer with a valid access token or edge token.");
    }
}
