using System.Collections.Immutable;

namespace EdgeGuard.Edge.Admin;

/// <summary>Answer of <c>GET /status</c>.</summary>
internal sealed record AdminStatus
{
    public required string EdgeId { get; init; }

    public required string Version { get; init; }

    /// <summary><c>connected</c> (to a control plane, by its options) or <c>standalone</c>.</summary>
    public required string Mode { get; init; }

    public required BundleReport Bundle { get; init; }

    public required KillSwitchCounts KillSwitches { get; init; }

    /// <summary>API keys that the control plane pushed; null for a standalone edge.</summary>
    public PushedSetReport? PushedApiKeys { get; init; }

    /// <summary>Revocations that the control plane pushed; null for a standalone edge.</summary>
    public PushedSetReport? PushedRevocations { get; init; }

    public required IdentityReport Identity { get; init; }

    /// <summary>What this edge holds of fleet-wide budgets; null for a standalone edge.</summary>
    public LeasesReport? Leases { get; init; }

    /// <summary>Null for a standalone edge.</summary>
    public ControlPlaneReport? ControlPlane { get; init; }

    public required StateReport State { get; init; }

    /// <summary>Data files that the options name.</summary>
    public required ImmutableArray<DataFileReport> DataFiles { get; init; }

    /// <summary>Facts that the bundle or a kill switch reads and nothing at this edge tells.</summary>
    public required ImmutableArray<string> FactsWithoutSource { get; init; }

    /// <summary>Null for a standalone edge.</summary>
    public TelemetryReport? Telemetry { get; init; }

    /// <summary>Addresses by listener: as bound, or as the options have them until they are.</summary>
    public required ImmutableSortedDictionary<string, string> Listeners { get; init; }
}
