namespace EdgeGuard.Edge.Metrics;

/// <summary>One counter of a family, for whoever counts so often that looking it up each time would cost more than counting.</summary>
internal sealed class Counter
{
    private long _count;

    /// <summary>The count.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Counts.</summary>
    public void Add(long count = 1) => Interlocked.Add(ref _count, count);
}
