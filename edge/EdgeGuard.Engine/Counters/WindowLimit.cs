namespace EdgeGuard.Engine.Counters;

/// <summary>A budget or sliding window as a table counts it. Amounts are in micro-units: 10^12 units are 10^18, which fits 60 bits.</summary>
internal sealed class WindowLimit
{
    /// <summary>Micro-units in a unit.</summary>
    public const ulong UnitsPerToken = 1_000_000;

    private PartMixes? _mixes;

    /// <summary>Where windows begin and end, or the parts of a sliding one. One of <see cref="CounterTable.Calendars"/>.</summary>
    public required WindowCalendar Calendar { get; init; }

    /// <summary>Parts that a sliding window is counted in; 0 for a window of the calendar.</summary>
    public int Parts { get; init; }

    /// <summary>Length of a part; 0 for a window of the calendar.</summary>
    public long PartNanoseconds { get; init; }

    /// <summary>Kind and generation in this table; the expiry is added by each cell.</summary>
    public required ulong Meta { get; init; }

    /// <summary>The rule's overflow counter.</summary>
    public required CounterKey OverflowKey { get; init; }

    /// <summary>
    /// Of a sliding window: the names of the parts before one, but for the counter's own. Kept for the part that was asked for last: computed for
    /// every request they were a third of what the sum cost.
    /// </summary>
    public ReadOnlySpan<(ulong Low, ulong High)> MixesBefore(long start)
    {
        var mixes = Volatile.Read(ref _mixes);
        if (mixes is null || mixes.Start != start)
        {
            mixes = new PartMixes(start, PartNanoseconds, Parts);
            Volatile.Write(ref _mixes, mixes);
        }

        return mixes.Before;
    }

    /// <summary>A sliding window in a number of parts, each rounded up to a nanosecond so that they cover it.</summary>
    public static WindowLimit Sliding(CounterTable table, TimeSpan window, int parts, ulong meta, CounterKey overflowKey)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parts, 1);
        var part = ((window.Ticks * TimeSpan.NanosecondsPerTick) + parts - 1) / parts;
        return new WindowLimit
        {
            Calendar = table.Calendars.ForParts(part),
            Parts = parts,
            PartNanoseconds = part,
            Meta = meta,
            OverflowKey = overflowKey,
        };
    }
}
