namespace EdgeGuard.Engine.Counters;

/// <summary>A token bucket rule as a table counts it. Fields, so that the hot path can pass them on by reference.</summary>
internal struct BucketLimit
{
    /// <summary>Its units and burst.</summary>
    public BucketScale Scale;

    /// <summary>Kind and generation in this table; the epoch is added by each request.</summary>
    public ulong Meta;

    /// <summary>The rule's overflow counter.</summary>
    public CounterKey OverflowKey;
}
