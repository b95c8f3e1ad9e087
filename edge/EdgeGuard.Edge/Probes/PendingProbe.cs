using EdgeGuard.Bundles.Model;
using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Edge.Probes;

/// <summary>A probe on its way to a listener of this process.</summary>
/// <param name="Mark">What it is known by at the other end: random, for once.</param>
/// <param name="Door">The listener.</param>
/// <param name="Probe">The probe.</param>
/// <param name="Snapshot">What to decide it by.</param>
internal sealed record PendingProbe(string Mark, DoorTag Door, ProbeDefinition Probe, PolicySnapshot Snapshot)
{
    /// <summary>Its request line, as the door has to read it.</summary>
    public OriginalRequest Original => new(Probe.Request.Method, Probe.Request.Host, Probe.Request.Path);

    /// <summary>Whether the door has read it as it was sent, and decided.</summary>
    public bool IsAnswered { get; set; }
}
