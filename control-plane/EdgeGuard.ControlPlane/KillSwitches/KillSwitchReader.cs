using System.Text.Json;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Validation;
using EdgeGuard.ControlPlane.Data;
using EdgeGuard.ControlPlane.Stream;
using Microsoft.EntityFrameworkCore;

namespace EdgeGuard.ControlPlane.KillSwitches;

/// <summary>Reads the set in force as it is sent to edges.</summary>
internal sealed class KillSwitchReader(ColumnProtector columns, TimeProvider time)
{
    /// <summary>What a scope value's ciphertext is bound to.</summary>
    public static string ValuePlace(string rowId) => "kill_switches.scope_value/" + rowId;

    /// <summary>Rows in force: neither removed nor expired, oldest first.</summary>
    public async Task<List<KillSwitchRow>> InForceAsync(ControlPlaneDbContext rows, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return await rows.KillSwitches.AsNoTracking()
            .Where(row => row.RemovedAt == null && (row.ExpiresAt == null || row.ExpiresAt > now))
            .OrderBy(row => row.Sequence).ThenBy(row => row.Id).ToListAsync(cancellation);
    }

    /// <summary>The value that a row refuses.</summary>
    public string Value(KillSwitchRow row) => columns.Unprotect(ValuePlace(row.RowId), row.OrganizationId, row.ScopeValueCipher);

    /// <summary>
    /// The whole set with a sequence number. Switches that have expired since stay in it until the next change: edges end them by
    /// themselves, and one sequence number must always stand for the same bytes.
    /// </summary>
    public async Task<KillSwitchSet> SetAsync(ControlPlaneDbContext rows, long sequence, CancellationToken cancellation)
    {
        var definitions = new List<KillSwitchDefinition>();
        var present = await rows.KillSwitches.AsNoTracking().Where(row => row.RemovedAt == null)
            .OrderBy(row => row.Sequence).ThenBy(row => row.Id).ToListAsync(cancellation);
        foreach (var row in present)
        {
            var (read, _) = BundleReader.ReadKillSwitches(
                Document(row.Id, row.ScopeKey, Value(row), row.Route, row.Reason, row.ExpiresAt, row.Status), "kill-switches");
            definitions.AddRange(read);
        }

        return new KillSwitchSet(sequence, BundleReader.WriteKillSwitches(definitions), definitions.Count);
    }

    /// <summary>One switch in the form that bundles have, so that the very reader of the edge judges it.</summary>
    public static byte[] Document(
        string id, string scopeKey, string scopeValue, string? route, string reason, DateTimeOffset? expiresAt, int status)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("kill_switches");
            writer.WriteStartObject();
            writer.WriteString("id", id);
            writer.WriteString("scope_key", scopeKey);
            writer.WriteString("scope_value", scopeValue);
            if (route is not null)
            {
                writer.WriteString("route", route);
            }

            writer.WriteString("reason", reason);
            if (expiresAt is { } end)
            {
                // Whole seconds, rounded down: a switch may end a moment early for the set, never late.
                writer.WriteString("expires_at", end.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture));
            }

            writer.WriteNumber("status", status);
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }
}
