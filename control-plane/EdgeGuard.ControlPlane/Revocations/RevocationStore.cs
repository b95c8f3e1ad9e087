using System.Security.Cryptography;
using System.Text.Json.Nodes;
using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.Audit;
using EdgeGuard.ControlPlane.Auth;
using EdgeGuard.ControlPlane.Data;
using EdgeGuard.ControlPlane.Hosting;
using EdgeGuard.ControlPlane.Stream;
using Microsoft.EntityFrameworkCore;

namespace EdgeGuard.ControlPlane.Revocations;

/// <summary>
/// Adds and removes revocations. The new set is read once, within the transaction, and published from memory the moment that it is committed.
/// </summary>
internal sealed class RevocationStore(Writer writer, KeyMaterial keys, DirectiveLoader loader, DirectiveHub hub, ILogger<RevocationStore> log)
{
    /// <summary>Most revocations in force at a time, of an organization.</summary>
    public const int MaxInForce = 10_000;

    /// <summary>Adds one; null when there are too many.</summary>
    public async Task<RevocationRow?> AddAsync(Caller caller, CreateRevocation request, CancellationToken cancellation)
    {
        var (row, state) = await writer.WriteAsync<(RevocationRow?, DirectiveState?)>(caller.OrganizationId, caller.Actor, async (write, token) =>
        {
            var added = await InsertAsync(write, caller, request, token);
            await write.Rows.SaveChangesAsync(token);
            return added is null ? (null, null) : (added, await loader.LoadAsync(write.Rows, write.OrganizationId, token));
        }, cancellation);
        if (state is not null)
        {
            Publish(state);
        }

        return row;
    }

    /// <summary>Removes one; false when none of this id is in force.</summary>
    public async Task<bool> RemoveAsync(Caller caller, string id, string reason, CancellationToken cancellation)
    {
        var state = await writer.WriteAsync(caller.OrganizationId, caller.Actor, async (write, token) =>
        {
            var row = await write.Rows.Revocations.SingleOrDefaultAsync(
                item => item.Id == id && item.RemovedAt == null && (item.ExpiresAt == null || item.ExpiresAt > write.Now), token);
            if (row is null)
            {
                return null;
            }

            await EndExpiredAsync(write, token);
            row.RemovedAt = write.Now;
            row.RemovedBy = caller.Credential.UserId;
            row.RemovalReason = reason;
            await write.NextSequenceAsync(SequenceKinds.Revocations, token);
            write.Audit(AuditActions.RevocationRemove, "revocation:" + id, Snapshot(row, row.Reason), Snapshot(row, reason));
            await write.Rows.SaveChangesAsync(token);
            return await loader.LoadAsync(write.Rows, write.OrganizationId, token);
        }, cancellation);
        if (state is null)
        {
            return false;
        }

        Publish(state);
        return true;
    }

    /// <summary>Adds one as part of another act; null when there are too many. The caller saves and publishes.</summary>
    public async Task<RevocationRow?> InsertAsync(WriteTransaction write, Caller caller, CreateRevocation request, CancellationToken cancellation)
    {
        await EndExpiredAsync(write, cancellation);
        if (await write.Rows.Revocations.CountAsync(item => item.RemovedAt == null, cancellation) >= MaxInForce)
        {
            return null;
        }

        var id = "rv-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var row = new RevocationRow
        {
            Id = id,
            OrganizationId = write.OrganizationId,
            Kind = request.Kind,
            ValueCipher = keys.Columns.Protect(RevocationReader.ValuePlace(id), write.OrganizationId, request.Value),
            ValidAfter = request.Kind == RevocationReader.Token ? null : WholeSecond(request.Time ?? write.Now),
            Reason = request.Reason,
            ExpiresAt = request.ExpiresAt,
            AuthorId = caller.Credential.UserId ?? caller.Actor.Name,
            CreatedAt = write.Now,
            Sequence = await write.NextSequenceAsync(SequenceKinds.Revocations, cancellation),
        };
        write.Rows.Revocations.Add(row);
        write.Audit(AuditActions.RevocationAdd, "revocation:" + id, null, Snapshot(row, row.Reason, request.Value));
        return row;
    }

    // Documents know whole seconds, and so do tokens: up to the next one, so that what was issued in this second is void too.
    private static DateTimeOffset WholeSecond(DateTimeOffset time)
    {
        var floor = DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());
        return floor == time ? time : floor.AddSeconds(1);
    }

    private static async Task EndExpiredAsync(WriteTransaction write, CancellationToken cancellation)
    {
        foreach (var expired in await write.Rows.Revocations
            .Where(row => row.RemovedAt == null && row.ExpiresAt != null && row.ExpiresAt <= write.Now).ToListAsync(cancellation))
        {
            expired.RemovedAt = expired.ExpiresAt;
            expired.RemovedBy = "system:expiry";
            expired.RemovalReason = "expired";
        }

        await write.Rows.SaveChangesAsync(cancellation);
    }

    private void Publish(DirectiveState state)
    {
        var told = hub.Publish(state);
        ControlPlaneLog.SetChanged(log, state.Revocations.Sequence, SequenceKinds.Revocations, state.OrganizationId, state.Revocations.Count, told);
    }

    private static string Snapshot(RevocationRow row, string reason, string? value = null)
    {
        var json = new JsonObject { ["id"] = row.Id, ["kind"] = row.Kind };
        if (value is not null)
        {
            json["value"] = value;
        }

        json["valid_after"] = row.ValidAfter?.ToString("O");
        json["reason"] = reason;
        json["expires_at"] = row.ExpiresAt?.ToString("O");
        json["in_force"] = row.RemovedAt is null;
        return json.ToJsonString();
    }
}
