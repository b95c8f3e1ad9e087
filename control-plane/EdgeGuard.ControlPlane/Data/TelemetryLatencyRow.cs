namespace EdgeGuard.ControlPlane.Data;

/// <summary>Decision latency of one edge in one minute, one bucket.</summary>
internal sealed class TelemetryLatencyRow : IOrganizationOwned
{
    public string OrganizationId { get; set; } = string.Empty;

    public string EdgeId { get; set; } = string.Empty;

    public long Minute { get; set; }

    public int Bucket { get; set; }

    public long Count { get; set; }
}
