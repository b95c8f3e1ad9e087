namespace EdgeGuard.ControlPlane.Data;

/// <summary>A holder's share of every key of a budget in a range of windows.</summary>
internal sealed class LeaseShareRow : IOrganizationOwned
{
    public string OrganizationId { get; set; } = string.Empty;

    public string Budget { get; set; } = string.Empty;

    public string Holder { get; set; } = string.Empty;

    public long FirstWindow { get; set; }

    public long LastWindow { get; set; }

    public long LastEnd { get; set; }

    public int Ppm { get; set; }
}
