namespace EdgeGuard.ControlPlane.Data;

/// <summary>A revocation, in force until removed or expired; the row stays as history.</summary>
internal sealed class RevocationRow : IOrganizationOwned
{
    public string Id { get; set; } = string.Empty;

    public string OrganizationId { get; set; } = string.Empty;

    public string Kind { get; set; } = string.Empty;

    public string ValueCipher { get; set; } = string.Empty;

    public DateTimeOffset? ValidAfter { get; set; }

    public string Reason { get; set; } = string.Empty;

    public DateTimeOffset? ExpiresAt { get; set; }

    public string AuthorId { get; set; } = string.Empty;

    public DateTimeOffset CreatedAt { get; set; }

    public long Sequence { get; set; }

    public DateTimeOffset? RemovedAt { get; set; }

    public string? RemovedBy { get; set; }

    public string? RemovalReason { get; set; }
}
