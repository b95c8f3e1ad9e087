namespace EdgeGuard.ControlPlane.Data;

/// <summary>A customer of the control plane, with the region its data belongs to.</summary>
internal sealed class OrganizationRow
{
    public string Id { get; set; } = string.Empty;

    public string Name { get; set; } = string.Empty;

    public string Region { get; set; } = string.Empty;

    public DateTimeOffset CreatedAt { get; set; }
}
