namespace EdgeGuard.ControlPlane.Data;

/// <summary>Which incarnation of the database the leases of an organization are accounted in.</summary>
internal sealed class LeaseOrganizationRow : IOrganizationOwned
{
    public string OrganizationId { get; set; } = string.Empty;

    public long Epoch { get; set; }

    /// <summary>Unix seconds; 0 when nothing was given in an earlier one.</summary>
    public long RaisedAt { get; set; }
}
