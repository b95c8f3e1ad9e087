using EdgeGuard.Engine.Counters;

namespace EdgeGuard.Engine.Tests.Support;

/// <summary>A table, and reservations against limits of it, without an engine around them.</summary>
internal sealed class CounterRig : IDisposable
{
    public const long Second = 1_000_000_000;

    /// <summary>2026-03-02 00:00:00 UTC, a Monday.</summary>
    public const long Start = 1_772_409_600 * Second;

    private readonly UInt128 _seed;

    public CounterRig(long memory = CounterTable.MinMemoryBytes, UInt128 seed = default)
    {
        _seed = seed == default ? new UInt128(3, 4) : seed;
        Table = CounterTable.Create(new CounterTableOptions(memory, _seed));
    }

    public CounterTable Table { get; }

    public void Dispose() => Table.Dispose();

    /// <summary>The name of a counter, as the engine would make it: a keyed hash.</summary>
    public CounterKey Key(int number)
    {
        var (low, high) = SipHash.Hash(_seed, BitConverter.GetBytes(number));
        return CounterKey.Of(low, high);
    }

    public WindowLimit Window(WindowCalendar calendar, int rule = -1) =>
        new() { Calendar = calendar, Meta = Meta(CellKind.Window, rule), OverflowKey = Key(rule) };

    public WindowLimit Sliding(TimeSpan window, int parts, int rule = -1) =>
        WindowLimit.Sliding(Table, window, parts, Meta(CellKind.WindowPart, rule), Key(rule));

    public ConcurrencyLimit Concurrency(int rule = -1) => new() { Meta = Meta(CellKind.Concurrency, rule), OverflowKey = Key(rule) };

    public Reservation Ask(int key, ulong cost, ulong capacity, bool shadow = false)
    {
        var name = Key(key);
        return new Reservation { Key = shadow ? name.ForShadow() : name, Cost = cost, Capacity = capacity, Shadow = shadow };
    }

    private ulong Meta(CellKind kind, int rule) =>
        CellMeta.PackExpiring(kind, Table.Generations.IndexOf((ulong)(uint)rule, kind, default));
}
