namespace EdgeGuard.Bundles.Schema;

/// <summary>Capabilities as they are written in messages and documents.</summary>
internal static class CapabilityNames
{
    /// <summary>The word for people.</summary>
    public static string Word(this Capability capability) => capability switch
    {
        Capability.Core => "core",
        Capability.Identity => "identity",
        Capability.Doors => "doors",
        _ => "control plane",
    };
}
