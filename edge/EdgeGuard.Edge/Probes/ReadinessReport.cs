using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using EdgeGuard.Edge.Bundles;
using EdgeGuard.Edge.DataFiles;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.State;
using EdgeGuard.Engine.Addresses;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Probes;

/// <summary>Whether the edge is ready, and with what; every reason why not at once.</summary>
internal sealed class ReadinessReport(
    EdgeOptions options, BundleStatus bundle, StateDirectory state, FactSources sources, SnapshotHolder holder, EdgeClock clock)
{
    private volatile bool _draining;

    /// <summary>From now on not ready: the process is about to end.</summary>
    public void Drain() => _draining = true;

    /// <summary>Reasons why the edge is not ready; none when it is.</summary>
    /// <param name="probes">What came of the bundle's probes.</param>
    public IReadOnlyList<string> Reasons(in ProbeResult probes)
    {
        var reasons = new List<string>();
        var active = bundle.Active;
        if (_draining)
        {
            reasons.Add("draining");
        }

        if (active is null)
        {
            reasons.Add("no_bundle_loaded");
        }
        else if (options.Bundle.DenyOnExpiry && active.IsExpired(clock.UtcNow))
        {
            reasons.Add("bundle_expired");
        }

        if (!state.IsReady)
        {
            reasons.Add("state_not_writable");
        }

        if (sources.Unavailable(holder.Current.Facts).Any())
        {
            reasons.Add("data_unavailable");
        }

        if (!probes.Probes.IsEmpty)
        {
            reasons.Add("probe_failed");
        }

        if (!probes.Doors.IsEmpty)
        {
            reasons.Add("door_failed");
        }

        return reasons;
    }

    /// <summary>The report as JSON. Holds nothing of the bundle's content and no secret.</summary>
    public byte[] Write(IReadOnlyList<string> reasons, in ProbeResult probes)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("status", reasons.Count == 0 ? "ready" : "not_ready");
        json.WriteStartArray("reasons");
        foreach (var reason in reasons)
        {
            json.WriteStringValue(reason);
        }

        json.WriteEndArray();
        WriteNames(json, "probes_failed", probes.Probes);
        WriteNames(json, "doors_failed", probes.Doors);
        WriteBundle(json);
        WriteLastAttempt(json);
        json.WriteString("jwt_verification", options.JwtVerificationOff ? "off" : "on");
        json.WriteStartArray("accepts");
        json.WriteStringValue("jws");
        if (options.Bundle.AcceptPeer)
        {
            json.WriteStringValue("peer");
        }

        if (options.Bundle.AcceptUnsigned)
        {
            json.WriteStringValue("unsigned");
        }

        json.WriteEndArray();
        json.WriteString("state", state.IsPersistent ? "persistent" : options.EphemeralState ? "ephemeral" : "lost");
        WriteFacts(json);
        json.WriteString("mode", options.ControlPlaneUrl.Length > 0 ? "connected" : "standalone");
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    // Names of the bundle's own choosing, and of listeners; nothing of the probes' requests.
    private static void WriteNames(Utf8JsonWriter json, string property, ImmutableArray<string> names)
    {
        json.WriteStartArray(property);
        foreach (var name in names)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
    }

    // Both lists are empty at an edge that has all that its bundle reads.
    private void WriteFacts(Utf8JsonWriter json)
    {
        var plan = holder.Current.Facts;
        foreach (var (name, kinds) in (ReadOnlySpan<(string, IEnumerable<AddressListKind>)>)
            [("facts_unavailable", sources.Unavailable(plan)), ("facts_without_source", sources.Missing(plan))])
        {
            json.WriteStartArray(name);
            foreach (var kind in kinds)
            {
                json.WriteStringValue(FactNames.Of(kind));
            }

            json.WriteEndArray();
        }
    }

    private void WriteBundle(Utf8JsonWriter json)
    {
        if (bundle.Active is not { } active)
        {
            json.WriteNull("bundle");
            return;
        }

        var now = clock.UtcNow;
        json.WriteStartObject("bundle");
        json.WriteNumber("version", active.Version);
        json.WriteString("digest", active.Digest);
        json.WriteNumber("age_seconds", Math.Max(0, (long)(now - active.ActivatedAt).TotalSeconds));
        json.WriteString("source", active.Origin);
        json.WriteString("form", active.Form);
        json.WriteBoolean("expired", active.IsExpired(now));
        json.WriteEndObject();
    }

    // Only codes: a message may quote the bundle, and probes are open to whoever reaches the port.
    private void WriteLastAttempt(Utf8JsonWriter json)
    {
        if (bundle.LastAttempt is not { } attempt)
        {
            return;
        }

        json.WriteStartObject("last_attempt");
        json.WriteBoolean("applied", attempt.Result.Applied);
        json.WriteString("source", attempt.Origin);
        json.WriteNumber("version", attempt.Result.Version);
        json.WriteString("at", attempt.At.ToString("yyyy-MM-ddTHH:mm:ssZ"));
        json.WriteStartArray("problems");
        foreach (var code in attempt.Result.Diagnostics.Select(diagnostic => diagnostic.Code).Distinct(StringComparer.Ordinal))
        {
            json.WriteStringValue(code);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
