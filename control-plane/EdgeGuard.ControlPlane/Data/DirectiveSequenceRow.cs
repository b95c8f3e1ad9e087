namespace EdgeGuard.ControlPlane.Data;

/// <summary>Last sequence number given out for one kind of directive.</summary>
internal sealed class DirectiveSequenceRow : IOrganizationOwned
{
    public string OrganizationId { get; set; } = string.Empty;

    public string Kind { get; set; } = string.Empty;

    public long Value { get; set; }
}
