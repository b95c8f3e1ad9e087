namespace EdgeGuard.ControlPlane.Leases;

/// <summary>For which incarnation of the database the leases of an organization were given.</summary>
/// <param name="Epoch">The incarnation that is accounted in.</param>
/// <param name="RaisedAt">When it was first seen after a restore, Unix seconds; 0 when nothing was given in an earlier one.</param>
internal sealed record LeaseOrganization(long Epoch, long RaisedAt);
