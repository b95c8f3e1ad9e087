namespace EdgeGuard.ControlPlane.Data;

/// <summary>What is remembered of a fleet-wide budget beyond the bundle.</summary>
internal sealed class LeaseBudgetRow : IOrganizationOwned
{
    public string OrganizationId { get; set; } = string.Empty;

    public string Budget { get; set; } = string.Empty;

    public string Identity { get; set; } = string.Empty;

    public long FrozenUntil { get; set; }
}
