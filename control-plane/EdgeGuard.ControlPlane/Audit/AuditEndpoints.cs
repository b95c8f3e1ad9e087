using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.Auth;
using EdgeGuard.ControlPlane.Data;
using EdgeGuard.ControlPlane.Hosting;
using EdgeGuard.ControlPlane.Orgs;
using Microsoft.EntityFrameworkCore;

namespace EdgeGuard.ControlPlane.Audit;

/// <summary>Reading the audit log.</summary>
internal static class AuditEndpoints
{
    private const int DefaultPage = 100;
    private const int MaxPage = 1_000;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet(ApiRoutes.Audit, ListAsync).Guard(ApiAction.ReadAudit, perMinute: 300)
            .WithName("listAudit").WithSummary("The audit log, newest first; ?before= a sequence, ?limit= up to 1 000.")
            .Produces<IReadOnlyList<AuditEntry>>();

    private static async Task<IResult> ListAsync(
        long? before, int? limit, ControlPlaneDbContext rows, ColumnProtector columns, UserDirectory users, CancellationToken cancellation)
    {
        if (limit is < 1 or > MaxPage)
        {
            return JsonBody.Invalid([Problems.Item(ControlPlaneCodes.RequestInvalid, "limit", $"{limit} is not between 1 and {MaxPage}.")]);
        }

        var emails = await users.EmailsAsync(rows, cancellation);
        var page = await rows.AuditLog.AsNoTracking().Where(row => before == null || row.Sequence < before)
            .OrderByDescending(row => row.Sequence).Take(limit ?? DefaultPage).ToListAsync(cancellation);
        IReadOnlyList<AuditEntry> entries = page.ConvertAll(row =>
        {
            var snapshot = AuditSnapshot.Deserialize(
                columns.Unprotect(WriteTransaction.SnapshotPlace(row.Sequence), row.OrganizationId, row.SnapshotCipher));
            return new AuditEntry
            {
                Sequence = row.Sequence,
                At = row.At,
                Actor = UserDirectory.ShowActor(emails, row.Actor),
                Action = row.Action,
                Subject = row.Subject,
                SourceHash = row.SourceHash,
                Before = snapshot.Before,
                After = snapshot.After,
                Hash = row.Hash,
            };
        });
        return Results.Json(entries, ContractsJson.Default.IReadOnlyListAuditEntry);
    }
}
