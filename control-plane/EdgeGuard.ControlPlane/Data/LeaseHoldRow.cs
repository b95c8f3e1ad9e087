namespace EdgeGuard.ControlPlane.Data;

/// <summary>What one holder has of one key of a budget in one window.</summary>
internal sealed class LeaseHoldRow : IOrganizationOwned
{
    public string OrganizationId { get; set; } = string.Empty;

    public string Budget { get; set; } = string.Empty;

    public string Key { get; set; } = string.Empty;

    public long WindowStart { get; set; }

    public string Holder { get; set; } = string.Empty;

    public long WindowEnd { get; set; }

    public long Units { get; set; }

    public long Granted { get; set; }

    public long Returned { get; set; }

    public long Spent { get; set; }

    public long Seen { get; set; }

    public long Slice { get; set; }

    public long GrantedAt { get; set; }

    public long WantedAt { get; set; }

    public long RecalledAt { get; set; }

    public string? RecalledTier { get; set; }
}
