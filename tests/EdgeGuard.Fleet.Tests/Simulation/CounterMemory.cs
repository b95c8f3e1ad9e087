using System.Runtime.InteropServices;
using EdgeGuard.Engine.Counters;

namespace EdgeGuard.Fleet.Tests.Simulation;

/// <summary>What stands for a mapped file of counters: it outlives the table, and can be copied.</summary>
internal sealed class CounterMemory
{
    private const int Page = 4096;

    private readonly byte[] _memory;
    private readonly int _offset;
    private readonly int _bytes;

    public CounterMemory(ulong seed)
    {
        var options = new CounterTableOptions(CounterTable.MinMemoryBytes, new UInt128(seed, ~seed));
        _bytes = (int)CounterTable.BytesFor(options);

        // Pinned, so that it stays where the table believes it is; a table begins on a page.
        _memory = GC.AllocateArray<byte>(_bytes + Page, pinned: true);
        _offset = (int)(-Marshal.UnsafeAddrOfPinnedArrayElement(_memory, 0) & (Page - 1));
        Table = CounterTable.Format(Start, _bytes, options, _memory);
    }

    public CounterTable Table { get; private set; }

    private nint Start => Marshal.UnsafeAddrOfPinnedArrayElement(_memory, _offset);

    public byte[] Copy() => _memory.AsSpan(_offset, _bytes).ToArray();

    public void PutBack(byte[] copy) => copy.CopyTo(_memory.AsSpan(_offset));

    /// <summary>Opens the table as the next process does.</summary>
    public void Reopen()
    {
        Assert.Equal(TableCondition.Whole, CounterTable.Open(Start, _bytes, _memory, out var table));
        Table = table!;
    }
}
