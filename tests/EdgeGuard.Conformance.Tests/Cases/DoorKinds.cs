namespace EdgeGuard.Conformance.Tests.Cases;

/// <summary>What doors have in common.</summary>
internal static class DoorKinds
{
    /// <summary>The door by which cases say where they apply: all doors that only decide are one.</summary>
    public static Door Kind(this Door door) =>
        door is Door.Forwarded or Door.Envoy or Door.Http2 or Door.ExtAuthz or Door.RateLimit || door.IsGateway() ? Door.Decision : door;

    /// <summary>Whether a gateway asks, so that what is seen is what its clients see.</summary>
    public static bool IsGateway(this Door door) => door is Door.Nginx or Door.NginxLua or Door.HAProxy or Door.Caddy;

    /// <summary>Whether a body reaches the edge this way.</summary>
    public static bool TellsBodies(this Door door) => door is not (Door.RateLimit or Door.Nginx or Door.HAProxy or Door.Caddy);
}
