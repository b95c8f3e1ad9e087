namespace EdgeGuard.ControlPlane.Data;

/// <summary>An API key by its SHA-256; in the set of edges until it is revoked or has expired. The row stays as history.</summary>
internal sealed class ApiKeyRow : IOrganizationOwned
{
    public string Id { get; set; } = string.Empty;

    public string OrganizationId { get; set; } = string.Empty;

    public byte[] KeyHash { get; set; } = [];

    public string DefinitionCipher { get; set; } = string.Empty;

    public DateTimeOffset NotBefore { get; set; }

    public DateTimeOffset? ExpiresAt { get; set; }

    public string? Replaces { get; set; }

    public string? ReplacedBy { get; set; }

    public string AuthorId { get; set; } = string.Empty;

    public DateTimeOffset CreatedAt { get; set; }

    public long Sequence { get; set; }

    public DateTimeOffset? RemovedAt { get; set; }

    public string? RemovedBy { get; set; }

    public string? RemovalReason { get; set; }
}
