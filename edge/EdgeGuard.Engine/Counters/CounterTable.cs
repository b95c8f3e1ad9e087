namespace EdgeGuard.Engine.Counters;

/// <summary>The fixed-capacity table of 32-byte cells that all limits count in. Lock-free on the hit path.</summary>
public sealed class CounterTable : IDisposable
{
    /// <summary>A table in plain memory.</summary>
    public static CounterTable Create(CounterTableOptions options) => throw new NotImplementedException();

    /// <summary>Cells in all.</summary>
    public long Capacity => throw new NotImplementedException();

    /// <summary>Cells that hold a counter now; approximate while requests run.</summary>
    public long Occupied => throw new NotImplementedException();

    /// <summary>How often a set was found full of live cells.</summary>
    public long FullSets => throw new NotImplementedException();

    /// <inheritdoc />
    public void Dispose() => throw new NotImplementedException();
}
