namespace EdgeGuard.Bundles.Model;

/// <summary>What a rule does when one of its limit keys has no value. Present but unverifiable is never missing: it is refused.</summary>
public enum OnMissing : byte
{
    /// <summary>Refuse with <c>descriptor_missing</c>. Default of a native bundle.</summary>
    Deny,

    /// <summary>Skip the rule. Default of a peer document.</summary>
    Allow,

    /// <summary>Count all such requests in one counter of the rule.</summary>
    Shared,
}
