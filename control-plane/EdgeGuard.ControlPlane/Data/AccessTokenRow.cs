namespace EdgeGuard.ControlPlane.Data;

/// <summary>A person's bearer token, as its SHA-256.</summary>
internal sealed class AccessTokenRow : IOrganizationOwned
{
    public string Id { get; set; } = string.Empty;

    public string OrganizationId { get; set; } = string.Empty;

    public string UserId { get; set; } = string.Empty;

    public byte[] TokenHash { get; set; } = [];

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? ValidUntil { get; set; }
}
