using EdgeGuard.Edge.Bundles;
using EdgeGuard.Edge.Hosting;

namespace EdgeGuard.Edge.Metrics;

/// <summary>Metrics of the bundle in force and of attempts to change it.</summary>
internal sealed class BundleMetrics(BundleStatus status, EdgeClock clock) : IMetricSource
{
    private long _applied;
    private long _unchanged;
    private long _refused;

    /// <summary>Counts one attempt.</summary>
    public void Count(ActivationResult result, bool unchanged)
    {
        if (!result.Applied)
        {
            Interlocked.Increment(ref _refused);
        }
        else if (unchanged)
        {
            Interlocked.Increment(ref _unchanged);
        }
        else
        {
            Interlocked.Increment(ref _applied);
        }
    }

    /// <inheritdoc />
    public void Write(MetricWriter writer)
    {
        var active = status.Active;
        var now = clock.UtcNow;
        writer.Family("edgeguard_bundle_info", "gauge", "The bundle in force, 1 with its digest, origin and form as labels.");
        if (active is not null)
        {
            writer.Sample(1, ("version", MetricWriter.Number(active.Version)), ("digest", active.Digest), ("origin", active.Origin), ("form", active.Form));
        }

        writer.Single("edgeguard_bundle_version", "gauge", "Version of the bundle in force, 0 without one.", active?.Version ?? 0);
        writer.Single("edgeguard_bundle_expired", "gauge", "1 when the bundle in force has expired.", active?.IsExpired(now) == true ? 1 : 0);
        writer.Single(
            "edgeguard_bundle_age_seconds",
            "gauge",
            "Seconds since the bundle came into force, 0 without one.",
            active is null ? 0 : Math.Max(0, (now - active.ActivatedAt).TotalSeconds));
        writer.Family("edgeguard_bundle_activation_total", "counter", "Attempts to put a bundle in force, by result.");
        writer.Sample(Interlocked.Read(ref _applied), ("result", "applied"));
        writer.Sample(Interlocked.Read(ref _unchanged), ("result", "unchanged"));
        writer.Sample(Interlocked.Read(ref _refused), ("result", "refused"));
    }
}
