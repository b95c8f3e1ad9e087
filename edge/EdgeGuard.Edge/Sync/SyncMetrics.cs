using EdgeGuard.Edge.KillSwitches;
using EdgeGuard.Edge.Metrics;
using EdgeGuard.Edge.State;
using EdgeGuard.Edge.Telemetry;

namespace EdgeGuard.Edge.Sync;

/// <summary>Metrics of connection, kill switches, state and telemetry.</summary>
internal sealed class SyncMetrics(
    SyncStatus status, LocalKillSwitches local, StateDirectory state, TelemetryStore telemetry, IServiceProvider services) : IMetricSource
{
    /// <inheritdoc />
    public void Write(MetricWriter writer)
    {
        writer.Single("edgeguard_local_kill_switches", "gauge", "Kill switches set at this edge.", local.Switches.Length);
        writer.Single("edgeguard_state_persistent", "gauge", "Whether state survives a restart: 1 or 0.", state.IsPersistent ? 1 : 0);
        writer.Single("edgeguard_state_problems", "gauge", "Problems with the state directory since the process started, at most 50.", state.Problems.Length);
        if (status.State == ConnectionState.Standalone)
        {
            return;
        }

        writer.Single(
            "edgeguard_control_plane_connected", "gauge", "Whether the directive stream is open and verified: 1 or 0.",
            status.State == ConnectionState.Connected ? 1 : 0);
        writer.Single("edgeguard_control_plane_connects_total", "counter", "Directive streams opened.", status.Connects);
        writer.Single(
            "edgeguard_directive_age_seconds", "gauge", "Seconds since the edge last knew that it was current; +Inf for never.",
            status.DirectiveAge?.TotalSeconds ?? double.PositiveInfinity);
        writer.Family("edgeguard_directives_total", "counter", "Directives by what became of them.");
        writer.Sample(status.Applied, ("result", "applied"));
        writer.Sample(status.Refused, ("result", "refused"));
        WriteConnected(writer);
    }

    private static void WritePushedSets(MetricWriter writer, params ReadOnlySpan<(string Name, PushedSet Set)> sets)
    {
        writer.Family("edgeguard_pushed_set_sequence", "gauge", "Sequence number of a set that the control plane pushed; 0 for none.");
        foreach (var (name, set) in sets)
        {
            writer.Sample(set.Mark.Sequence, ("set", name));
        }

        writer.Family("edgeguard_pushed_set_age_seconds", "gauge", "Seconds since a pushed set was signed; +Inf for none.");
        foreach (var (name, set) in sets)
        {
            writer.Sample(set.Age?.TotalSeconds ?? double.PositiveInfinity, ("set", name));
        }
    }

    private void WriteConnected(MetricWriter writer)
    {
        writer.Single(
            "edgeguard_pushed_kill_switches", "gauge", "Kill switches pushed by the control plane.",
            services.GetRequiredService<PushedKillSwitches>().Count);
        writer.Single(
            "edgeguard_pushed_revocations", "gauge", "Revocations pushed by the control plane.", services.GetRequiredService<RevocationSet>().Count);
        writer.Single("edgeguard_pushed_api_keys", "gauge", "API keys pushed by the control plane.", services.GetRequiredService<ApiKeySet>().Count);
        WritePushedSets(writer, ("revocations", services.GetRequiredService<RevocationSet>()), ("api_keys", services.GetRequiredService<ApiKeySet>()));
        var sender = services.GetRequiredService<TelemetrySender>();
        writer.Single("edgeguard_telemetry_pending_decisions", "gauge", "Decisions counted and in no batch yet.", telemetry.Unfrozen);
        writer.Single(
            "edgeguard_telemetry_frozen_bytes", "gauge", "Size of the batch that is being sent; 0 when all are acknowledged.",
            telemetry.Frozen?.Bytes.Length ?? 0);
        writer.Single("edgeguard_telemetry_batches_sent_total", "counter", "Batches acknowledged by the control plane.", sender.Sent);
        writer.Single(
            "edgeguard_telemetry_batches_set_aside_total", "counter", "Batches that the control plane refused for good, set aside in the state directory.",
            sender.SetAside);
        writer.Single("edgeguard_telemetry_send_failures_total", "counter", "Attempts to send a batch that failed.", sender.Failed);
    }
}
