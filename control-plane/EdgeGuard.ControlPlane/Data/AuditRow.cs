namespace EdgeGuard.ControlPlane.Data;

/// <summary>One act. Appended only (triggers), each hash covers the one before.</summary>
internal sealed class AuditRow : IOrganizationOwned
{
    public string OrganizationId { get; set; } = string.Empty;

    public long Sequence { get; set; }

    public DateTimeOffset At { get; set; }

    public string Actor { get; set; } = string.Empty;

    public string Action { get; set; } = string.Empty;

    public string Subject { get; set; } = string.Empty;

    public string SourceHash { get; set; } = string.Empty;

    public string SnapshotCipher { get; set; } = string.Empty;

    public string SnapshotDigest { get; set; } = string.Empty;

    public string Hash { get; set; } = string.Empty;
}
