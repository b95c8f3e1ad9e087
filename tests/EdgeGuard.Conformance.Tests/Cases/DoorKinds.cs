namespace EdgeGuard.Conformance.Tests.Cases;

/// <summary>What doors have in common.</summary>
internal static class DoorKinds
{
    /// <summary>The door by which cases say where they apply: all doors that only decide are one.</summary>
    public static Door Kind(this Door door) => door is Door.Forwarded or Door.Envoy or Door.Http2 ? Door.Decision : door;
}
