using EdgeGuard.Engine.Counters;

namespace EdgeGuard.Engine.Compile;

/// <summary>A rule in one table. Fields, so that the hot path can pass them on by reference.</summary>
internal struct RuleBinding
{
    /// <summary>Hash state after everything of the key that does not come from the request.</summary>
    public SipHash Prefix;

    /// <summary>Its numbers.</summary>
    public BucketLimit Limit;
}
