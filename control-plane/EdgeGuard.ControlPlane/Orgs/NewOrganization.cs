namespace EdgeGuard.ControlPlane.Orgs;

/// <summary>What setting up an organization gave; the token is shown once.</summary>
internal sealed record NewOrganization(string OrganizationId, string UserId, string AccessToken);
