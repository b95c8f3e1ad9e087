using System.Text.Json;
using EdgeGuard.Bundles.Model;
using EdgeGuard.ControlPlane.Audit;
using EdgeGuard.ControlPlane.Auth;
using EdgeGuard.ControlPlane.Data;
using EdgeGuard.ControlPlane.Hosting;
using EdgeGuard.ControlPlane.Stream;
using Microsoft.EntityFrameworkCore;

namespace EdgeGuard.ControlPlane.KillSwitches;

/// <summary>
/// Adds and removes kill switches. The new set is read once, within the transaction, and published from memory the moment that it is
/// committed: no edge waits for a query of its own.
/// </summary>
internal sealed class KillSwitchStore(
    Writer writer, KeyMaterial keys, DirectiveLoader loader, DirectiveHub hub, ILogger<KillSwitchStore> log)
{
    /// <summary>Adds one; null when a switch of this id is in force.</summary>
    public async Task<KillSwitchRow?> AddAsync(Caller caller, KillSwitchDefinition definition, CancellationToken cancellation)
    {
        try
        {
            var (row, state) = await writer.WriteAsync(caller.OrganizationId, caller.Actor, async (write, token) =>
            {
                await EndExpiredAsync(write, token);
                var added = await InsertAsync(write, caller, definition, token);
                await write.Rows.SaveChangesAsync(token);
                return (added, await loader.LoadAsync(write.Rows, write.OrganizationId, token));
            }, cancellation);
            Publish(state);
            return row;
        }
        catch (DbUpdateException error) when (StorageErrors.IsDuplicate(error))
        {
            return null;
        }
    }

    /// <summary>Removes one; false when none of this id is in force.</summary>
    public async Task<bool> RemoveAsync(Caller caller, string id, string reason, CancellationToken cancellation)
    {
        var state = await writer.WriteAsync(caller.OrganizationId, caller.Actor, async (write, token) =>
        {
            var row = await write.Rows.KillSwitches.SingleOrDefaultAsync(
                item => item.Id == id && item.RemovedAt == null && (item.ExpiresAt == null || item.ExpiresAt > write.Now), token);
            if (row is null)
            {
                return null;
            }

            await EndExpiredAsync(write, token);
            row.RemovedAt = write.Now;
            row.RemovedBy = caller.Credential.UserId;
            row.RemovalReason = reason;
            await write.NextSequenceAsync(SequenceKinds.KillSwitches, token);
            write.Audit(AuditActions.KillSwitchRemove, "kill_switch:" + id, Snapshot(row, row.Reason), Snapshot(row, reason));
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

    private async Task<KillSwitchRow> InsertAsync(WriteTransaction write, Caller caller, KillSwitchDefinition definition, CancellationToken cancellation)
    {
        var rowId = Guid.CreateVersion7().ToString("N");
        var row = new KillSwitchRow
        {
            RowId = rowId,
            OrganizationId = write.OrganizationId,
            Id = definition.Id,
            ScopeKey = definition.ScopeKey.ToString(),
            ScopeValueCipher = keys.Columns.Protect(KillSwitchReader.ValuePlace(rowId), write.OrganizationId, definition.ScopeValue),
            Route = definition.Route,
            Reason = definition.Reason ?? string.Empty,
            Status = definition.Status,
            ExpiresAt = definition.ExpiresAt,
            AuthorId = caller.Credential.UserId ?? caller.Actor.Name,
            CreatedAt = write.Now,
            Sequence = await write.NextSequenceAsync(SequenceKinds.KillSwitches, cancellation),
        };
        write.Rows.KillSwitches.Add(row);
        write.Audit(AuditActions.KillSwitchAdd, "kill_switch:" + row.Id, null, Snapshot(row, row.Reason, definition.ScopeValue));
        return row;
    }

    // Expired switches leave the set with the next change of it, which has a sequence number of its own; their ids are free again.
    private static async Task EndExpiredAsync(WriteTransaction write, CancellationToken cancellation)
    {
        foreach (var expired in await write.Rows.KillSwitches
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
        ControlPlaneLog.KillSwitchesChanged(log, state.KillSwitches.Sequence, state.OrganizationId, state.KillSwitches.Count, told);
    }

    private static string Snapshot(KillSwitchRow row, string reason, string? value = null)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("id", row.Id);
            json.WriteString("scope_key", row.ScopeKey);
            if (value is not null)
            {
                json.WriteString("scope_value", value);
            }

            json.WriteString("route", row.Route);
            json.WriteString("reason", reason);
            json.WriteNumber("status", row.Status);
            json.WriteString("expires_at", row.ExpiresAt?.ToString("O"));
            json.WriteBoolean("in_force", row.RemovedAt is null);
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
