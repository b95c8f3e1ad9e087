using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.Audit;
using EdgeGuard.ControlPlane.Auth;
using EdgeGuard.ControlPlane.Data;
using EdgeGuard.ControlPlane.Hosting;
using EdgeGuard.ControlPlane.Stream;
using Microsoft.EntityFrameworkCore;

namespace EdgeGuard.ControlPlane.Edges;

/// <summary>Creates edges and rotates their tokens.</summary>
internal sealed class EdgeRegistrar(Writer writer, KeyMaterial keys, EdgeColumns columns, CredentialReader credentials, DirectiveHub hub)
{
    private const string FirstKeyId = "k1";

    /// <summary>A new edge with its token and signing key, or null when the id is taken.</summary>
    public async Task<EdgeCredentials?> CreateAsync(
        Caller caller, string edgeId, IReadOnlyDictionary<string, string> labels, CancellationToken cancellation)
    {
        var token = BearerToken.Create(BearerToken.EdgePrefix);
        try
        {
            await writer.WriteAsync(caller.OrganizationId, caller.Actor, async (write, stop) =>
            {
                write.Rows.Edges.Add(new EdgeRow
                {
                    Id = edgeId,
                    OrganizationId = write.OrganizationId,
                    KeyId = FirstKeyId,
                    LabelsCipher = columns.Labels(write.OrganizationId, edgeId, labels),
                    CreatedAt = write.Now,
                });
                await write.Rows.SaveChangesAsync(stop);
                AddToken(write, edgeId, token);
                write.Audit(AuditActions.EdgeCreate, "edge:" + edgeId, null, $$"""{"edge_id":"{{edgeId}}","key_id":"{{FirstKeyId}}"}""");
                return true;
            }, cancellation);
        }
        catch (DbUpdateException error) when (StorageErrors.IsDuplicate(error))
        {
            return null;
        }

        return new EdgeCredentials(edgeId, token, keys.EdgeKey(caller.OrganizationId, edgeId, FirstKeyId).Export(), null);
    }

    /// <summary>A new token; the ones before end after the overlap. Null when the organization has no such edge.</summary>
    public async Task<EdgeCredentials?> RotateAsync(Caller caller, string edgeId, TimeSpan overlap, CancellationToken cancellation)
    {
        var token = BearerToken.Create(BearerToken.EdgePrefix);
        var until = await writer.WriteAsync(caller.OrganizationId, caller.Actor, async (write, stop) =>
        {
            if (!await write.Rows.Edges.AnyAsync(edge => edge.Id == edgeId, stop))
            {
                return (DateTimeOffset?)null;
            }

            var end = write.Now + overlap;
            var ended = 0;
            foreach (var old in await write.Rows.EdgeTokens
                .Where(row => row.EdgeId == edgeId && (row.ValidUntil == null || row.ValidUntil > end)).ToListAsync(stop))
            {
                old.ValidUntil = end;
                ended++;
            }

            AddToken(write, edgeId, token);
            write.Audit(AuditActions.EdgeTokenRotate, "edge:" + edgeId, null,
                $$"""{"tokens_ending":{{ended}},"valid_until":"{{end:O}}"}""");
            return end;
        }, cancellation);
        if (until is not { } limit)
        {
            return null;
        }

        credentials.Forget(edgeId);
        hub.LimitTokens(edgeId, limit);
        return new EdgeCredentials(edgeId, token, null, limit);
    }

    private static void AddToken(WriteTransaction write, string edgeId, string token) => write.Rows.EdgeTokens.Add(new EdgeTokenRow
    {
        Id = Guid.CreateVersion7().ToString("N"),
        OrganizationId = write.OrganizationId,
        EdgeId = edgeId,
        TokenHash = BearerToken.Hash(token),
        CreatedAt = write.Now,
    });
}
