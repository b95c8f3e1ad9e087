namespace EdgeGuard.ControlPlane.Data;

/// <summary>A row that belongs to one organization; every query of it is filtered by the caller's.</summary>
internal interface IOrganizationOwned
{
    string OrganizationId { get; }
}
