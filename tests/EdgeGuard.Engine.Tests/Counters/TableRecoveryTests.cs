using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Engine.Tests.Support;
using static EdgeGuard.Engine.Tests.Support.Bundle;

namespace EdgeGuard.Engine.Tests.Counters;

/// <summary>What the next process makes of the bytes that the one before it left.</summary>
public sealed unsafe class TableRecoveryTests : IDisposable
{
    private static readonly CounterTableOptions Options = new(CounterTable.MinMemoryBytes, new UInt128(5, 6));

    private readonly long _bytes = CounterTable.BytesFor(Options);
    private readonly FactSet _facts = new();
    private readonly nint _memory;
    private long _now = Harness.Start;

    public TableRecoveryTests()
    {
        _memory = (nint)System.Runtime.InteropServices.NativeMemory.AlignedAlloc((nuint)_bytes, 4096);
        new Span<byte>((void*)_memory, (int)_bytes).Clear();
    }

    public void Dispose() => System.Runtime.InteropServices.NativeMemory.AlignedFree((void*)_memory);

    [Fact]
    public void Open_CellThatWasBeingRewritten_HasItsOldState()
    {
        var policy = Compile(Policy("p", Rule("r", 0.001, 10)));
        var table = CounterTable.Format(_memory, _bytes, Options);
        Assert.Equal(7, Admitted(table, policy, 7));
        var cell = Only(table);
        Assert.True(table.Journal.TryBegin(cell, 10, out _, out _));
        cell->Meta = 0x0123;
        Assert.Equal(TableCondition.Whole, CounterTable.Open(_memory, _bytes, null, out table));
        Assert.Equal(3, Admitted(table!, policy, 20));
    }

    [Fact]
    public void Open_CellThatWasBeingClaimed_IsEmptyAgain()
    {
        var policy = Compile(Policy("p", Rule("r", 0.001, 10)));
        var table = CounterTable.Format(_memory, _bytes, Options);
        Admitted(table, policy, 1);
        Only(table)->Word = Cell.Busy;
        Assert.Equal(TableCondition.Whole, CounterTable.Open(_memory, _bytes, null, out table));
        Assert.Equal(0, table!.Occupied);
        Assert.Equal(10, Admitted(table, policy, 20));
    }

    [Fact]
    public void Open_LocksThatWereHeld_AreFree()
    {
        var policy = Compile(Policy("p", Rule("r", 0.001, 10)));
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
        Claim(table, new CounterKey(4, 4), meta, 3);
        Assert.Equal(1, table.Occupied);
        Assert.Equal(TableCondition.Whole, CounterTable.Open(_memory, _bytes, null, out table));
        Assert.Equal(0, table!.Occupied);
    }

    [Fact]
    public void Share_RequestsInFlight_AreKeptAndADeadOwnersLocksReleased()
    {
        var table = CounterTable.Format(_memory, _bytes, Options);
        var meta = CellMeta.PackExpiring(CellKind.Concurrency, table.Generations.IndexOf(9, CellKind.Concurrency, default));
        Claim(table, new CounterKey(4, 4), meta, 3);
        table.Main.Lock(new CounterKey(77, 1));
        Assert.Equal(TableCondition.Whole, CounterTable.Share(_memory, _bytes, null, out var second));
        Assert.Equal(3UL, second!.Main.Find(new CounterKey(4, 4))->Word);
        second.EndSharing();
        second.Main.Lock(new CounterKey(77, 1));
        second.Main.Unlock(new CounterKey(77, 1));
    }

    [Fact]
    public void Open_NumbersThatChangedSince_AreStillKnown()
    {
        var table = CounterTable.Format(_memory, _bytes, Options);
        Assert.Equal(50, Admitted(table, Compile(Policy("p", Rule("r", 100, 100))), 50));
        Assert.Equal(TableCondition.Whole, CounterTable.Open(_memory, _bytes, null, out table));

        // Fifty tokens at another rate are still fifty tokens.
        Assert.Equal(50, Admitted(table!, Compile(Policy("p", Rule("r", 1, 100))), 200));
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
        Assert.Equal(0, Admitted(table, Compile(Policy("p", Rule("r", 1, 10))), 1));
    }

    [Fact]
    public void IndexOf_WhenWhoeverUsedTheOldOnesIsGone_UsesTheirRoomAgain()
    {
        var table = CounterTable.Format(_memory, _bytes, Options);
        FillFor(table, new object());
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
            Compile(Policy("p", Rule("greedy", 0.001, 5, Header("g"))), Policy("q", Rule("modest", 0.001, 5, Header("m")))),
            CounterTable.MinMemoryBytes);
        var snapshot = harness.Snapshot;
        harness.Snapshot = snapshot.WithPolicy(Compile(Policy("p", Rule("greedy", 0.001, 5, Header("g")))));
        for (var i = 0; i < 10_000; i++)
        {
            harness.Decide(values: (Header("g"), $"key {i}"));
        }

        Assert.True(harness.Table.FullShares > 0);
        harness.Snapshot = snapshot.WithPolicy(Compile(Policy("q", Rule("modest", 0.001, 5, Header("m")))));
        var overflows = harness.Table.Overflows;
        for (var i = 0; i < Others; i++)
        {
            Assert.Equal(5, harness.Admitted(6, values: (Header("m"), $"key {i}")));
        }

        Assert.Equal(overflows, harness.Table.Overflows);
    }

    private static void FillFor(CounterTable table, object holder)
    {
        for (var owner = 1UL; owner <= (ulong)table.LimitCapacity; owner++)
        {
            table.Generations.IndexOf(owner, CellKind.Loop, default, holder);
        }
    }

    private static void Claim(CounterTable table, CounterKey key, ulong meta, ulong word)
    {
        table.Main.Lock(in key);
        var cell = table.Main.TryClaim(in key, meta, Harness.Start, out _);
        table.Main.Publish(cell, in key, CellMeta.WithExpiry(meta, uint.MaxValue), word);
        table.Main.Unlock(in key);
    }

    private static Cell* Only(CounterTable table)
    {
        Assert.Equal(1, table.Occupied);
        var cell = table.MainParts.Cells;
        while (cell->KeyLow == 0 && cell->KeyHigh == 0)
        {
            cell++;
        }

        return cell;
    }

    private int Admitted(CounterTable table, CompiledPolicy policy, int requests)
    {
        var snapshot = PolicySnapshot.Empty.WithPolicy(policy);
        var engine = new DecisionEngine(table);
        var admitted = 0;
        for (var i = 0; i < requests; i++)
        {
            _facts.Begin(snapshot.Facts);
            var decision = engine.Decide(snapshot, new RequestView("GET"u8, default, "/"u8, _facts), new EngineTime(_now, _now / 1_000_000), out _);
            admitted += decision.Verdict == Verdict.Allow ? 1 : 0;
        }

        return admitted;
    }
}
