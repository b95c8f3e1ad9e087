namespace EdgeGuard.ControlPlane.Data;

/// <summary>A kill switch, in force until removed or expired; the row stays as history.</summary>
internal sealed class KillSwitchRow : IOrganizationOwned
{
    public string RowId { get; set; } = string.Empty;

    public string OrganizationId { get; set; } = string.Empty;

    public string Id { get; set; } = string.Empty;

    public string ScopeKey { get; set; } = string.Empty;

    public string ScopeValueCipher { get; set; } = string.Empty;

    public string? Route { get; set; }

    public string Reason { get; set; } = string.Empty;

    public int Status { get; set; }

    public DateTimeOffset? ExpiresAt { get; set; }

    public string AuthorId { get; set; } = string.Empty;

    public DateTimeOffset CreatedAt { get; set; }

    public long Sequence { get; set; }

    public DateTimeOffset? RemovedAt { get; set; }

    public string? RemovedBy { get; set; }

    public string? RemovalReason { get; set; }
}
