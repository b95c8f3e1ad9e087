namespace EdgeGuard.Bundles.Model;

/// <summary>Whether a policy's rejections count.</summary>
public enum PolicyMode : byte
{
    Enforce,

    /// <summary>Evaluated and reported, never refusing and never delaying.</summary>
    Shadow,
}
