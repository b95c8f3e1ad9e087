namespace EdgeGuard.ControlPlane.Data;

/// <summary>Decisions of one edge in one minute (Unix minutes) by their labels.</summary>
internal sealed class TelemetryRollupRow : IOrganizationOwned
{
    public string OrganizationId { get; set; } = string.Empty;

    public string EdgeId { get; set; } = string.Empty;

    public long Minute { get; set; }

    public string Policy { get; set; } = string.Empty;

    public string Rule { get; set; } = string.Empty;

    public string Verdict { get; set; } = string.Empty;

    public string Reason { get; set; } = string.Empty;

    public string Route { get; set; } = string.Empty;

    public int Shadow { get; set; }

    public long BundleVersion { get; set; }

    public long Count { get; set; }
}
