namespace EdgeGuard.Edge.State;

/// <summary>Names in the state directory. They are documented and stay: a new binary reads what an old one wrote.</summary>
internal static class StateFiles
{
    /// <summary>Held locked by the one owner; empty.</summary>
    public const string Lock = "lock";

    /// <summary>The signed bundle in force, as received.</summary>
    public const string LastGoodBundle = "bundle.last-good";

    /// <summary>The bundle that its fuse took back, and which one is in force instead.</summary>
    public const string RevertedBundle = "bundle.reverted";

    /// <summary>Newest (epoch, sequence) by type of document.</summary>
    public const string HighWater = "high-water";

    /// <summary>The signed set of pushed kill switches, as received.</summary>
    public const string KillSwitches = "kill-switches";

    /// <summary>Local (break-glass) kill switches and what has still to be reported about them.</summary>
    public const string LocalKillSwitches = "kill-switches.local";

    /// <summary>The signed set of revocations, as received.</summary>
    public const string Revocations = "revocations";

    /// <summary>The signed set of pushed API keys (digests), as received.</summary>
    public const string ApiKeys = "api-keys";

    /// <summary>The frozen telemetry batch and the counts that it reaches to.</summary>
    public const string TelemetryPending = "telemetry.pending";

    /// <summary>Beginning of the names of batches that the control plane refused for good: <c>telemetry.refused-EPOCH-SEQUENCE</c>.</summary>
    public const string TelemetryRefusedPrefix = "telemetry.refused-";

    /// <summary>Cumulative decision counts, memory-mapped.</summary>
    public const string TelemetryCounters = "telemetry.pending.counters";

    /// <summary>What this edge holds of fleet-wide budgets, but for what is in the counters.</summary>
    public const string Leases = "leases";

    /// <summary>The counters of all limits, memory-mapped.</summary>
    public const string Counters = "counters.dat";

    /// <summary>Default name of the admin socket.</summary>
    public const string AdminSocket = "admin.sock";
}
