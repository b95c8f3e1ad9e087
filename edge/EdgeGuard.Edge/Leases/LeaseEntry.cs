using EdgeGuard.Engine.Leases;

namespace EdgeGuard.Edge.Leases;

/// <summary>What an edge has told, and has to tell, of one key in one window.</summary>
internal sealed class LeaseEntry(LeaseWant of)
{
    /// <summary>Which key, with the plan that its last want named.</summary>
    public LeaseWant Of { get; set; } = of;

    /// <summary>Whether more is wanted.</summary>
    public bool Wants { get; set; }

    /// <summary>When it was wanted last, milliseconds of the monotonic clock.</summary>
    public long WantedAt { get; set; }

    /// <summary>Nothing is asked before this, because it was just given back; milliseconds of the monotonic clock.</summary>
    public long QuietUntil { get; set; }

    /// <summary>Since when it has been asked for in vain, milliseconds of the monotonic clock; null when it has not.</summary>
    public long? InVainSince { get; set; }

    /// <summary>When it was reported last, milliseconds of the monotonic clock.</summary>
    public long ReportedAt { get; set; }

    /// <summary>What the control plane has heard; null for nothing.</summary>
    public LeaseFigures? Heard { get; set; }
}
