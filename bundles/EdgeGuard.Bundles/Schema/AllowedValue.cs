namespace EdgeGuard.Bundles.Schema;

/// <summary>One word of a closed list.</summary>
/// <param name="Text">The word.</param>
/// <param name="Capability">What brings it.</param>
/// <param name="Supported">Whether it can be used now.</param>
internal readonly record struct AllowedValue(string Text, Capability Capability, bool Supported)
{
    public static implicit operator AllowedValue(string text) => new(text, Capability.Core, true);

    /// <summary>A word that is understood and refused until its capability is there.</summary>
    public static AllowedValue Later(string text, Capability capability) => new(text, capability, false);
}
