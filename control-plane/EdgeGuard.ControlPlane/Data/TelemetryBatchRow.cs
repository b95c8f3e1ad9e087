namespace EdgeGuard.ControlPlane.Data;

/// <summary>A batch that has been counted; its key makes a retry harmless.</summary>
internal sealed class TelemetryBatchRow : IOrganizationOwned
{
    public string EdgeId { get; set; } = string.Empty;

    public long Epoch { get; set; }

    public long Sequence { get; set; }

    public string OrganizationId { get; set; } = string.Empty;

    public DateTimeOffset ReceivedAt { get; set; }

    public long FromMs { get; set; }

    public long ToMs { get; set; }
}
