using System.Runtime.InteropServices;
using EdgeGuard.Engine.Adaptive;
using EdgeGuard.Engine.Leases;

namespace EdgeGuard.Engine.Counters;

/// <summary>
/// The fixed-capacity table of 32-byte cells that all limits count in. Lock-free on the hit path. A counter is forgotten only when that
/// cannot change a verdict; a newcomer to a set full of live counters, or of a limit whose share is, shares its limit's overflow counter.
/// It lies in memory that may be a mapped file: a process that is killed at any moment leaves a table that another one can open.
/// </summary>
/// <remarks>Unsafe because the cells are native memory in the layout of a file (see <see cref="CounterRegion"/>).</remarks>
public sealed unsafe class CounterTable : IDisposable
{
    /// <summary>Least memory of the cells.</summary>
    public const long MinMemoryBytes = 64 * 1024;

    /// <summary>Most memory of the cells.</summary>
    public const long MaxMemoryBytes = 64L * 1024 * 1024 * 1024;

    /// <summary>Memory of one counter.</summary>
    public const int CellBytes = Cell.Size;

    private const int PageBytes = 4096;

    /// <summary>Run numbers go round below this: they are kept in 15 bits of a lock word.</summary>
    private const int MaxRun = 1 << 14;

    private readonly int _run;
    private readonly object? _mapping;
    private void* _own;

    private CounterTable(byte* start, in TableLayout layout, void* own, object? mapping)
    {
        _own = own;
        _mapping = mapping;
        Layout = layout;
        Header = (TableHeader*)start;
        Seed = new UInt128(Header->SeedHigh, Header->SeedLow);
        _run = (Header->Run % MaxRun) + 1;
        Header->Run = _run;
        var cells = (Cell*)(start + layout.CellsOffset);
        var locks = (int*)(start + TableHeader.Bytes);
        MainParts = new RegionParts(cells, layout.Sets, locks, layout.Locks, &Header->Occupied, &Header->Present);
        OverflowParts = new RegionParts(
            cells + (layout.Sets * CounterRegion.CellsPerSet), layout.OverflowSets, locks + layout.Locks, layout.OverflowLocks, &Header->OverflowOccupied, &Header->Present);
        Generations = new GenerationRegistry(start, in layout, _run);
        Journal = new RefreshJournal(start, cells, _run);
        Main = new CounterRegion(MainParts, Generations, _run, shared: true);
        Overflow = new CounterRegion(OverflowParts, Generations, _run, shared: false);
        Leases = new FleetLeases(this);
    }

    /// <summary>Cells in all, without those kept for overflow.</summary>
    public long Capacity => Main.Capacity;

    /// <summary>Cells that hold a counter now, idle ones included; approximate while requests run.</summary>
    public long Occupied => Main.Occupied;

    /// <summary>Newcomers that found their set full of live cells.</summary>
    public long FullSets => Main.FullSets;

    /// <summary>Newcomers whose limit's share of the table was full of live cells.</summary>
    public long FullShares => Main.FullShares;

    /// <summary>Requests of newcomers that were charged to their limit's overflow counter.</summary>
    public long Overflows => Main.Overflows;

    /// <summary>Overflow counters in use now, idle ones included.</summary>
    public long OverflowOccupied => Overflow.Occupied;

    /// <summary>Idle counters that were forgotten to make room.</summary>
    public long Forgotten => Main.Forgotten + Overflow.Forgotten;

    /// <summary>Limits for whose numbers there was no room; they answer that counters are full.</summary>
    public long LimitsRefused => Generations.Refusals;

    /// <summary>Limits with their numbers that there is room for.</summary>
    public long LimitCapacity => Generations.Capacity;

    /// <summary>Latest time that was noted, in nanoseconds since the Unix epoch; 0 when none was.</summary>
    public long HighWater => Volatile.Read(ref Header->HighWater);

    /// <summary>Random number of the last exchange about leases, by which an earlier copy of the table is known; 0 before the first.</summary>
    public long LeaseStamp
    {
        get => Volatile.Read(ref Header->LeaseStamp);
        set => Volatile.Write(ref Header->LeaseStamp, value);
    }

    /// <summary>How often circuit breakers changed state, by policy.</summary>
    public BreakerTallies Breakers { get; } = new();

    /// <summary>The adaptive limiters of those who decide by this table, in memory only.</summary>
    public AdaptiveLimiters Adaptive { get; } = new();

    /// <summary>What may be spent of fleet-wide budgets.</summary>
    public FleetLeases Leases { get; }

    /// <summary>Where in a cell's word this process counts its requests in flight.</summary>
    internal int SlotShift => UsageWord.SlotShift(_run);

    internal UInt128 Seed { get; }

    internal TableLayout Layout { get; }

    internal TableHeader* Header { get; }

    internal RegionParts MainParts { get; }

    internal RegionParts OverflowParts { get; }

    internal CounterRegion Main { get; }

    /// <summary>Cells for limits whose newcomers find their set or share full; they have their own region so that no client can fill it.</summary>
    internal CounterRegion Overflow { get; }

    internal GenerationRegistry Generations { get; }

    internal RefreshJournal Journal { get; }

    /// <summary>The calendars that this table's windows follow.</summary>
    internal CounterCalendars Calendars { get; } = new();

    /// <summary>Tells beginnings of buckets apart over long times.</summary>
    internal BeginningNumbers Beginnings { get; } = new();

    /// <summary>How often all counters were forgotten: what was taken before is not to be released after.</summary>
    internal ulong Resets { get; private set; }

    /// <summary>A time that has passed for certain, in nanoseconds since the Unix epoch: no window that expired before it may begin anew.</summary>
    internal long Present => Volatile.Read(ref Header->Present);

    /// <summary>A table in plain memory.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The size is out of range.</exception>
    public static CounterTable Create(CounterTableOptions options)
    {
        var layout = LayoutOf(options);

        // Zeroed by the kernel page by page on first touch: a large table costs nothing until it is used. Hence no aligned allocation,
        // which would have to be cleared by hand, but one page more.
        var own = NativeMemory.AllocZeroed((nuint)layout.TotalBytes + PageBytes);
        var start = (byte*)(((nuint)own + PageBytes - 1) & ~(nuint)(PageBytes - 1));
        TableFormat.Write((TableHeader*)start, in layout, options.HashSeed);
        return new CounterTable(start, in layout, own, null);
    }

    /// <summary>Bytes that a table of a size takes in all: cells and what it keeps beside them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The size is out of range.</exception>
    public static long BytesFor(CounterTableOptions options) => LayoutOf(options).TotalBytes;

    /// <summary>A new table in the caller's memory, which is mapped from a file of zeroes and outlives the table.</summary>
    /// <param name="memory">First byte, on a page.</param>
    /// <param name="bytes">As <see cref="BytesFor"/> tells.</param>
    /// <param name="options">Size and seed.</param>
    /// <param name="mapping">What the memory lives by; kept as long as the table.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is out of range or the memory is of another size.</exception>
    public static CounterTable Format(nint memory, long bytes, CounterTableOptions options, object? mapping = null)
    {
        var layout = LayoutOf(options);
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes, layout.TotalBytes);
        TableFormat.Write((TableHeader*)memory, in layout, options.HashSeed);
        return new CounterTable((byte*)memory, in layout, null, mapping);
    }

    /// <summary>
    /// Opens the table that is in the caller's memory after the process that used it is gone: what it was in the middle of is ended or undone,
    /// requests in flight are forgotten, cells are counted again.
    /// </summary>
    /// <param name="memory">First byte, on a page.</param>
    /// <param name="bytes">Bytes there.</param>
    /// <param name="mapping">What the memory lives by; kept as long as the table.</param>
    /// <param name="table">The table, when the answer is <see cref="TableCondition.Whole"/>.</param>
    public static TableCondition Open(nint memory, long bytes, object? mapping, out CounterTable? table)
    {
        table = null;
        var condition = TableFormat.Examine((byte*)memory, bytes, out var layout);
        if (condition != TableCondition.Whole)
        {
            return condition;
        }

        var opened = new CounterTable((byte*)memory, in layout, null, mapping);
        if (!opened.TryRecover())
        {
            return TableCondition.Torn;
        }

        table = opened;
        return TableCondition.Whole;
    }

    /// <summary>
    /// Shares the table in the caller's memory with the process that still uses it. Nothing is cleared or counted; once that process has
    /// ended, <see cref="EndSharing"/> undoes what it may have been in the middle of.
    /// </summary>
    public static TableCondition Share(nint memory, long bytes, object? mapping, out CounterTable? table)
    {
        var condition = TableFormat.Examine((byte*)memory, bytes, out var layout);
        table = condition == TableCondition.Whole ? new CounterTable((byte*)memory, in layout, null, mapping) : null;
        if (table is not null)
        {
            table.Generations.MayPrune = false;
        }

        return condition;
    }

    /// <summary>Options of a table of another size that can take over this one's counters: with the same seed.</summary>
    public CounterTableOptions OptionsFor(long memoryBytes) => new(memoryBytes, Seed);

    /// <summary>Before another process shares this table: from here on nothing is given away that the other may still use.</summary>
    public void BeginSharing() => Generations.MayPrune = false;

    /// <summary>
    /// After the process that this one shared the table with has ended, be it the one before or the one after: undoes what it may have been in the
    /// middle of, and gives back the requests in flight that it held, never this one's own. Not before it is dead for certain.
    /// </summary>
    /// <param name="clean">Whether it ended in good order: then the counts of cells are not in doubt.</param>
    public void EndSharing(bool clean = false)
    {
        var run = Header->Run == _run ? (_run == 1 ? MaxRun : _run - 1) : Header->Run;

        // The next one has to have the other half of the journal.
        Header->Run = _run;
        Journal.Restore((ulong)(Main.Capacity + Overflow.Capacity), run);
        foreach (var region in (ReadOnlySpan<CounterRegion>)[Main, Overflow])
        {
            for (var index = region.NextLockOf(run, 0); index >= 0; index = region.NextLockOf(run, index + 1))
            {
                region.Release(index);
            }
        }

        RegionRecovery.ReleaseSlots(MainParts, Main, UsageWord.SlotShift(run));
        RegionRecovery.ReleaseSlots(OverflowParts, Overflow, UsageWord.SlotShift(run));
        Generations.Release(run);
        Generations.MayPrune = clean;
    }

    /// <summary>Once the time is known: forgets who was sent to overflow counters, if all of those are idle. Before any decision.</summary>
    public void ForgetOverflow(long nanoseconds)
    {
        if (RegionRecovery.IsIdle(OverflowParts, Generations, nanoseconds))
        {
            for (var i = 0; i < MainParts.LockCount; i++)
            {
                MainParts.Locks[i] &= ~CounterRegion.Overflowed;
            }
        }
    }

    /// <summary>
    /// Copies everything that is alive into a new table of another size with the same seed. False when it does not fit, cell by cell, and
    /// then the new table is of no use. Nobody may use either meanwhile.
    /// </summary>
    public bool TryCopyTo(CounterTable target, long nanoseconds) => TableTransfer.TryRun(this, target, nanoseconds);

    /// <summary>The clock line of the process that used the table last; null when there is none to be believed.</summary>
    public ClockLine? ReadClock() => TableFormat.ReadClock(Header, Seed);

    /// <summary>Keeps the clock line for the next process.</summary>
    public void WriteClock(ClockLine line) => TableFormat.WriteClock(Header, Seed, line);

    /// <summary>Notes a time; one that is not later than the last changes nothing.</summary>
    public void NoteTime(long nanoseconds) => Raise(ref Header->HighWater, nanoseconds);

    /// <summary>Frees the cells, if they are in plain memory. Nobody may decide by this table any more.</summary>
    public void Dispose()
    {
        NativeMemory.Free(_own);
        _own = null;
        GC.KeepAlive(_mapping);
        GC.SuppressFinalize(this);
    }

    /// <summary>Forgets all counters. Only while nobody else uses the table.</summary>
    public void Clear()
    {
        Main.Clear();
        Overflow.Clear();
        Calendars.Forget();
        Adaptive.Forget();
        Header->Present = 0;
        Resets++;
    }

    /// <summary>Raises a time to one, which other processes may raise as well; a full fence if it does.</summary>
    internal static void Raise(ref long time, long nanoseconds)
    {
        for (var seen = Volatile.Read(ref time); seen < nanoseconds;)
        {
            var before = Interlocked.CompareExchange(ref time, nanoseconds, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }

    /// <summary>Tells a time that has passed, and the latest that anybody has told.</summary>
    internal long Latest(long nanoseconds)
    {
        Pass(nanoseconds);
        return Math.Max(nanoseconds, Present);
    }

    /// <summary>Tells everybody who shares the table a time that has passed. Before anything is read that depends on it.</summary>
    internal void Pass(long nanoseconds)
    {
        if (Present < nanoseconds)
        {
            Raise(ref Header->Present, nanoseconds);
        }
    }

    private static TableLayout LayoutOf(CounterTableOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.MemoryBytes is < MinMemoryBytes or > MaxMemoryBytes)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), options.MemoryBytes, $"The memory of a counter table is from {MinMemoryBytes} to {MaxMemoryBytes} bytes.");
        }

        return TableLayout.For(options.MemoryBytes);
    }

    private bool TryRecover()
    {
        Journal.Restore((ulong)(Main.Capacity + Overflow.Capacity), null);
        if (!Generations.TryRecover()
            || !RegionRecovery.TryRun(MainParts, Generations, shared: true)
            || !RegionRecovery.TryRun(OverflowParts, Generations, shared: false))
        {
            return false;
        }

        Generations.DropUnused();
        Header->Present = 0;
        return true;
    }
}
