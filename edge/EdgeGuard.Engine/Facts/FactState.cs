namespace EdgeGuard.Engine.Facts;

/// <summary>What is known of a fact.</summary>
public enum FactState : byte
{
    /// <summary>The request does not have it (an empty value counts as missing).</summary>
    Missing = 0,

    Present = 1,

    /// <summary>Claimed but not verifiable, such as a token with a bad signature: refused, never treated as missing.</summary>
    Unverifiable = 2,
}
