using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.ApiKeys;
using EdgeGuard.ControlPlane.Audit;
using EdgeGuard.ControlPlane.Auth;
using EdgeGuard.ControlPlane.Edges;
using EdgeGuard.ControlPlane.KillSwitches;
using EdgeGuard.ControlPlane.Leases;
using EdgeGuard.ControlPlane.Orgs;
using EdgeGuard.ControlPlane.Policies;
using EdgeGuard.ControlPlane.Revocations;
using EdgeGuard.ControlPlane.Stream;
using EdgeGuard.ControlPlane.Telemetry;

namespace EdgeGuard.ControlPlane.Hosting;

/// <summary>The pipeline and every endpoint, in the order that requests pass.</summary>
internal static class Endpoints
{
    /// <summary>Builds the pipeline: headers, errors, routing, who and what, how often, then the endpoint.</summary>
    public static void Use(WebApplication app)
    {
        app.UseMiddleware<SecurityHeadersMiddleware>();
        app.UseMiddleware<ErrorMiddleware>();
        app.UseRouting();
        app.UseMiddleware<AccessMiddleware>();
        app.UseRateLimiter();
        MeEndpoints.Map(app);
        EdgeEndpoints.Map(app);
        BundleEndpoints.Map(app);
        KillSwitchEndpoints.Map(app);
        ApiKeyEndpoints.Map(app);
        RevocationEndpoints.Map(app);
        TelemetryEndpoints.Map(app);
        LeaseEndpoints.Map(app);
        BudgetEndpoints.Map(app);
        AuditEndpoints.Map(app);
        StreamEndpoints.Map(app);
        app.MapOpenApi(ApiRoutes.OpenApi).WithMetadata(new EndpointAccess(ApiAction.ReadOpenApi));
    }
}
