namespace EdgeGuard.ControlPlane.Data;

/// <summary>A holder of leases: one set of counters of an edge.</summary>
internal sealed class LeaseHolderRow : IOrganizationOwned
{
    public string OrganizationId { get; set; } = string.Empty;

    public string Holder { get; set; } = string.Empty;

    public string EdgeId { get; set; } = string.Empty;

    public int Retired { get; set; }

    public long SeenAt { get; set; }
}
