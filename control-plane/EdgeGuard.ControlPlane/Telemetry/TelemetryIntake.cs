using System.Text.Json;
using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.Audit;
using EdgeGuard.ControlPlane.Auth;
using EdgeGuard.ControlPlane.Data;
using Microsoft.EntityFrameworkCore;

namespace EdgeGuard.ControlPlane.Telemetry;

/// <summary>
/// Counts batches exactly once: the batch's key and its counts are committed together, and a key that is there already changes
/// nothing. Two copies that arrive at once meet at the key; the second waits for the first and then sees it.
/// </summary>
internal sealed class TelemetryIntake(Writer writer)
{
    /// <summary>Counts a batch; false when it was counted before.</summary>
    public async Task<bool> CountAsync(Caller caller, TelemetryBatch batch, CancellationToken cancellation) =>
        await writer.IngestAsync(caller.OrganizationId, caller.Actor, async (write, token) =>
        {
            var inserted = await write.Rows.Database.ExecuteSqlAsync($"""
                INSERT INTO telemetry_batches (edge_id, epoch, sequence, organization_id, received_at, from_ms, to_ms)
                VALUES ({caller.EdgeId}, {batch.Epoch}, {batch.Sequence}, {write.OrganizationId}, {write.Now.ToUnixTimeMilliseconds()},
                        {batch.FromUnixMilliseconds}, {batch.ToUnixMilliseconds})
                ON CONFLICT (edge_id, epoch, sequence) DO NOTHING
                """, token);
            if (inserted == 0)
            {
                return false;
            }

            var minute = batch.ToUnixMilliseconds / 60_000;
            await CountDecisionsAsync(write, caller.EdgeId, minute, batch, token);
            await CountLatencyAsync(write, caller.EdgeId, minute, batch, token);
            foreach (var report in batch.LocalKills)
            {
                write.Audit(AuditActions.EdgeLocalKill, "edge:" + caller.EdgeId, null, Snapshot(report));
            }

            return true;
        }, cancellation);

    private static async Task CountDecisionsAsync(
        WriteTransaction write, string edgeId, long minute, TelemetryBatch batch, CancellationToken cancellation)
    {
        // In one order everywhere: two batches of one edge that touch the same rows then never wait for each other in a circle.
        var ordered = batch.Decisions.Where(decision => decision.Count > 0)
            .OrderBy(decision => (decision.Policy, decision.Rule, decision.Verdict, decision.Reason, decision.Route, decision.Shadow, decision.BundleVersion));
        foreach (var decision in ordered)
        {
            var shadow = decision.Shadow ? 1 : 0;
            await write.Rows.Database.ExecuteSqlAsync($"""
                INSERT INTO telemetry_rollups
                    (organization_id, edge_id, minute, policy, rule, verdict, reason, route, shadow, bundle_version, count)
                VALUES ({write.OrganizationId}, {edgeId}, {minute}, {decision.Policy}, {decision.Rule}, {decision.Verdict},
                        {decision.Reason}, {decision.Route}, {shadow}, {decision.BundleVersion}, {decision.Count})
                ON CONFLICT (organization_id, edge_id, minute, policy, rule, verdict, reason, route, shadow, bundle_version)
                DO UPDATE SET count = telemetry_rollups.count + excluded.count
                """, cancellation);
        }
    }

    private static async Task CountLatencyAsync(
        WriteTransaction write, string edgeId, long minute, TelemetryBatch batch, CancellationToken cancellation)
    {
        for (var bucket = 0; bucket < batch.LatencyCounts.Count; bucket++)
        {
            var count = batch.LatencyCounts[bucket];
            if (count > 0)
            {
                await write.Rows.Database.ExecuteSqlAsync($"""
                    INSERT INTO telemetry_latency (organization_id, edge_id, minute, bucket, count)
                    VALUES ({write.OrganizationId}, {edgeId}, {minute}, {bucket}, {count})
                    ON CONFLICT (organization_id, edge_id, minute, bucket)
                    DO UPDATE SET count = telemetry_latency.count + excluded.count
                    """, cancellation);
            }
        }
    }

    private static string Snapshot(LocalKillReport report)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("id", report.Id);
            json.WriteString("action", report.Action);
            json.WriteString("scope_key", report.ScopeKey);
            json.WriteString("reason", report.Reason);
            json.WriteString("at", DateTimeOffset.FromUnixTimeMilliseconds(report.UnixMilliseconds).ToString("O"));
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
