using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Engine.Tests.Support;
using static EdgeGuard.Engine.Tests.Support.Bundle;

namespace EdgeGuard.Engine.Tests.Counters;

/// <summary>What the next process makes of the bytes that the one before it left.</summary>
public sealed class TableRecoveryTests : IDisposable
{
    /// <summary>Where in a cell its state is.</summary>
    private const int Word = 16;

    /// <summary>Where in a cell its metadata is.</summary>
    private const int Meta = 24;

    private static readonly CounterTableOptions Options = new(CounterTable.MinMemoryBytes, new UInt128(5, 6));

    private readonly long _bytes = CounterTable.BytesFor(Options);
    private readonly FactSet _facts = new();
    private readonly nint _allocated;
    private readonly nint _memory;

    public TableRecoveryTests()
    {
        // On a page, as a mapping is.
        _allocated = Marshal.AllocHGlobal((nint)_bytes + 4096);
        _memory = (_allocated + 4095) & ~(nint)4095;
        Marshal.Copy(new byte[_bytes], 0, _memory, (int)_bytes);
    }

    public void Dispose() => Marshal.FreeHGlobal(_allocated);

    [Fact]
    public void Open_CellThatWasBeingRewritten_HasItsOldState()
    {
        var policy = Bundle.Compile(Policy("p", Rule("r", 0.001, 10)));
        var table = CounterTable.Format(_memory, _bytes, Options);
        Assert.Equal(7, Admitted(table, policy, 7));
        var cell = Only(table);
        var index = (cell - _memory - table.Layout.CellsOffset) / Cell.Size;
        Marshal.WriteInt64(_memory + RefreshJournal.Offset, index + 1);
        Marshal.WriteInt64(_memory + RefreshJournal.Offset + 8, Marshal.ReadInt64(cell + Word));
        Marshal.WriteInt64(_memory + RefreshJournal.Offset + 16, Marshal.ReadInt64(cell + Meta));
        Marshal.WriteInt64(cell + Word, -1);
        Marshal.WriteInt64(cell + Meta, 0x0123);
        Assert.Equal(TableCondition.Whole, CounterTable.Open(_memory, _bytes, null, out table));
        Assert.Equal(3, Admitted(table!, policy, 20));
    }

    [Fact]
    public void Open_CellThatWasBeingClaimed_IsEmptyAgain()
    {
        var policy = Bundle.Compile(Policy("p", Rule("r", 0.001, 10)));
        var table = CounterTable.Format(_memory, _bytes, Options);
        Admitted(table, policy, 1);
        Marshal.WriteInt64(Only(table) + Word, -1);
        Assert.Equal(TableCondition.Whole, CounterTable.Open(_memory, _bytes, null, out table));
        Assert.Equal(0, table!.Occupied);
        Assert.Equal(10, Admitted(table, policy, 20));
    }

    [Fact]
    public void Open_LocksThatWereHeld_AreFree()
    {
        var policy = Bundle.Compile(Policy("p", Rule("r", 0.001, 10)));
        var table = CounterTable.Format(_memory, _bytes, Options);
        for (var key = 0UL; key < 256; key++)
        {
            table.Main.Lock(new CounterKey(key, 1));
        }

        Assert.Equal(TableCondition.Whole, CounterTable.Open(_memory, _bytes, null, out table));
        Assert.Equal(10, Admitted(table!, policy, 20));
    }

    [Fact]
    public void Open_RequestsInFlight_AreForgotten()
    {
        var table = CounterTable.Format(_memory, _bytes, Options);
        var meta = CellMeta.PackExpiring(CellKind.Concurrency, table.Generations.IndexOf(9, CellKind.Concurrency, default));
        WriteConcurrencyCell(table, meta);
        Assert.Equal(TableCondition.Whole, CounterTable.Open(_memory, _bytes, null, out table));
        Assert.Equal(0, table!.Occupied);
    }

    [Fact]
    public void Share_RequestsInFlight_AreKeptAndADeadOwnersLocksReleased()
    {
        var table = CounterTable.Format(_memory, _bytes, Options);
        var meta = CellMeta.PackExpiring(CellKind.Concurrency, table.Generations.IndexOf(9, CellKind.Concurrency, default));
        WriteConcurrencyCell(table, meta);
        table.Main.Lock(new CounterKey(77, 1));
        Assert.Equal(TableCondition.Whole, CounterTable.Share(_memory, _bytes, null, out var second));
        Assert.Equal(3, Marshal.ReadInt64(Only(second!) + Word));
        second!.EndSharing();
        second.Main.Lock(new CounterKey(77, 1));
        second.Main.Unlock(new CounterKey(77, 1));
    }

    [Fact]
    public void Open_NumbersThatChangedSince_AreStillKnown()
    {
        var table = CounterTable.Format(_memory, _bytes, Options);
        Assert.Equal(50, Admitted(table, Bundle.Compile(Policy("p", Rule("r", 100, 100))), 50));
        Assert.Equal(TableCondition.Whole, CounterTable.Open(_memory, _bytes, null, out table));

        // Fifty tokens at another rate are still fifty tokens.
        Assert.Equal(50, Admitted(table!, Bundle.Compile(Policy("p", Rule("r", 1, 100))), 200));
    }

    [Fact]
    public void Open_LimitsWithoutCells_GiveTheirEntriesBack()
    {
        var table = CounterTable.Format(_memory, _bytes, Options);
        for (var round = 0; round < 3; round++)
        {
            for (var owner = 1UL; owner < (ulong)table!.LimitCapacity; owner++)
            {
                Assert.NotEqual(GenerationRegistry.Unknown, table.Generations.IndexOf((owner * 8) + (ulong)round, CellKind.Loop, default));
            }

            Assert.Equal(TableCondition.Whole, CounterTable.Open(_memory, _bytes, null, out table));
        }
    }

    [Fact]
    public void IndexOf_MoreLimitsThanRoom_GivesNoneAndTheLimitRefuses()
    {
        var table = CounterTable.Format(_memory, _bytes, Options);
        for (var owner = 1UL; owner <= (ulong)table.LimitCapacity; owner++)
        {
            Assert.NotEqual(GenerationRegistry.Unknown, table.Generations.IndexOf(owner, CellKind.Loop, default));
        }

        Assert.Equal(GenerationRegistry.Unknown, table.Generations.IndexOf(1_000_000, CellKind.Loop, default));
        Assert.Equal(1, table.LimitsRefused);
        Assert.Equal(0, Admitted(table, Bundle.Compile(Policy("p", Rule("r", 1, 10))), 1));
    }

    [Fact]
    public void IndexOf_WhenWhoeverUsedTheOldOnesIsGone_UsesTheirRoomAgain()
    {
        var table = CounterTable.Format(_memory, _bytes, Options);
        FillForSomebodyWhoIsGone(table);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.NotEqual(GenerationRegistry.Unknown, table.Generations.IndexOf(1_000_000, CellKind.Loop, default));
    }

    [Fact]
    public void Reload_TwiceWhileNobodyTouchesTheCell_ReadsItThroughBothRates()
    {
        using var harness = new Harness(Policy("p", Rule("r", 100, 100, Header("k"))));
        Assert.Equal(100, harness.Admitted(100, values: (Header("k"), "a")));
        harness.Reload(Policy("p", Rule("r", 1, 100, Header("k"))));
        Assert.Equal(1, harness.Admitted(1, values: (Header("k"), "b")));
        harness.Advance(10);
        harness.Reload(Policy("p", Rule("r", 100, 100, Header("k"))));
        Assert.Equal(1, harness.Admitted(1, values: (Header("k"), "b")));

        // Ten seconds at one a second, not at a hundred.
        Assert.Equal(10, harness.Admitted(100, values: (Header("k"), "a")));
    }

    [Fact]
    public void TryClaim_RuleThatCountsTooManyKeys_LeavesRoomToTheOthers()
    {
        const int Others = 40;
        using var harness = new Harness(
            Bundle.Compile(Policy("p", Rule("greedy", 0.001, 5, Header("g"))), Policy("q", Rule("modest", 0.001, 5, Header("m")))),
            CounterTable.MinMemoryBytes);
        var snapshot = harness.Snapshot;
        harness.Snapshot = snapshot.WithPolicy(Bundle.Compile(Policy("p", Rule("greedy", 0.001, 5, Header("g")))));
        for (var i = 0; i < 10_000; i++)
        {
            harness.Decide(values: (Header("g"), $"key {i}"));
        }

        Assert.True(harness.Table.FullShares > 0);
        harness.Snapshot = snapshot.WithPolicy(Bundle.Compile(Policy("q", Rule("modest", 0.001, 5, Header("m")))));
        var overflows = harness.Table.Overflows;
        var served = 0;
        for (var i = 0; i < Others; i++)
        {
            served += harness.Admitted(6, values: (Header("m"), $"key {i}")) == 5 ? 1 : 0;
        }


        // All but those who meet one of their own in a set that the greedy one has filled as far as it may.
        Assert.InRange(served, Others * 9 / 10, Others);
        Assert.InRange(harness.Table.Overflows - overflows, 0, Others / 2);
    }

    // Not inlined, so that nobody holds the holder any more.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void FillForSomebodyWhoIsGone(CounterTable table)
    {
        var holder = new object();
        for (var owner = 1UL; owner <= (ulong)table.LimitCapacity; owner++)
        {
            table.Generations.IndexOf(owner, CellKind.Loop, default, holder);
        }
    }

    // Three in flight, in the first cell of the set that the key belongs to.
    private void WriteConcurrencyCell(CounterTable table, ulong meta)
    {
        var cell = _memory + (nint)table.Layout.CellsOffset + (4 * CounterRegion.SetBytes);
        Marshal.WriteInt64(cell, 4);
        Marshal.WriteInt64(cell + 8, 4);
        Marshal.WriteInt64(cell + Word, 3);
        Marshal.WriteInt64(cell + Meta, (long)CellMeta.WithExpiry(meta, uint.MaxValue));
    }

    private nint Only(CounterTable table)
    {
        var found = nint.Zero;
        for (var cell = _memory + (nint)table.Layout.CellsOffset; cell < _memory + _bytes; cell += Cell.Size)
        {
            if (Marshal.ReadInt64(cell) != 0)
            {
                Assert.Equal(nint.Zero, found);
                found = cell;
            }
        }

        return found;
    }

    private int Admitted(CounterTable table, CompiledPolicy policy, int requests)
    {
        var snapshot = PolicySnapshot.Empty.WithPolicy(policy);
        var engine = new DecisionEngine(table);
        var admitted = 0;
        for (var i = 0; i < requests; i++)
        {
            _facts.Begin(snapshot.Facts);
            var decision = engine.Decide(snapshot, new RequestView("GET"u8, default, "/"u8, _facts), new EngineTime(Harness.Start, Harness.Start / 1_000_000), out _);
            admitted += decision.Verdict == Verdict.Allow ? 1 : 0;
        }

        return admitted;
    }
}
