namespace EdgeGuard.ControlPlane.Data;

/// <summary>A token of one edge, as its SHA-256. Two are valid while a rotation overlaps.</summary>
internal sealed class EdgeTokenRow : IOrganizationOwned
{
    public string Id { get; set; } = string.Empty;

    public string OrganizationId { get; set; } = string.Empty;

    public string EdgeId { get; set; } = string.Empty;

    public byte[] TokenHash { get; set; } = [];

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? ValidUntil { get; set; }
}
