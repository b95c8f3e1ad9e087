namespace EdgeGuard.ControlPlane.Auth;

/// <summary>What an endpoint lets its caller do; an endpoint without it is denied.</summary>
/// <param name="Action">The action.</param>
internal sealed record EndpointAccess(ApiAction Action);
