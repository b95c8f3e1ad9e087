namespace EdgeGuard.Engine.Counters;

/// <summary>A limit of requests in flight as a table counts it.</summary>
internal sealed class ConcurrencyLimit
{
    /// <summary>Kind and generation in this table.</summary>
    public required ulong Meta { get; init; }

    /// <summary>The rule's overflow counter.</summary>
    public required CounterKey OverflowKey { get; init; }
}
