namespace EdgeGuard.ControlPlane.Data;

/// <summary>A person. The address is encrypted; a keyed index finds it.</summary>
internal sealed class UserRow : IOrganizationOwned
{
    public string Id { get; set; } = string.Empty;

    public string OrganizationId { get; set; } = string.Empty;

    public string EmailCipher { get; set; } = string.Empty;

    public string EmailIndex { get; set; } = string.Empty;

    public string Role { get; set; } = string.Empty;

    public DateTimeOffset CreatedAt { get; set; }
}
