using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.Auth;
using EdgeGuard.ControlPlane.Data;
using EdgeGuard.ControlPlane.Hosting;
using Microsoft.EntityFrameworkCore;

namespace EdgeGuard.ControlPlane.Orgs;

/// <summary>Whose credential this is.</summary>
internal static class MeEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet(ApiRoutes.Me, GetAsync).Guard(ApiAction.ReadSelf, perMinute: 600)
            .WithName("getSelf").WithSummary("Whose credential this is.").Produces<WhoAmI>();

    private static async Task<IResult> GetAsync(
        Caller caller, ControlPlaneDbContext rows, UserDirectory users, CancellationToken cancellation)
    {
        var organization = await rows.Organizations.AsNoTracking().SingleAsync(cancellation);
        var emails = await users.EmailsAsync(rows, cancellation);
        var me = new WhoAmI(
            UserDirectory.Show(emails, caller.Credential.UserId!), organization.Name, caller.Credential.Role.ToString(), organization.Region,
            ProductVersion.Text);
        return Results.Json(me, ContractsJson.Default.WhoAmI);
    }
}
