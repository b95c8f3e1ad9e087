namespace EdgeGuard.Engine.Counters;

/// <summary>
/// The cells of one key in one window: what was spent and returned together, which is the budget's own counter; what was granted; what was returned. All
/// live until the window has ended, as every window's cell does.
/// </summary>
/// <remarks>Unsafe because it works on cells in place.</remarks>
internal static unsafe class LeaseCells
{
    public const long NanosecondsPerSecond = 1_000_000_000;

    // As in CounterKey: any fixed words do, because the name is a keyed hash. More digits of pi.
    private const ulong GrantedLow = 0xA4093822299F31D0;
    private const ulong GrantedHigh = 0x082EFA98EC4E6C89;
    private const ulong ReturnedLow = 0x452821E638D01377;
    private const ulong ReturnedHigh = 0xBE5466CF34E90C6C;

    public static CounterKey Granted(in CounterKey name) => CounterKey.Of(name.Low ^ GrantedLow, name.High ^ GrantedHigh);

    public static CounterKey Returned(in CounterKey name) => CounterKey.Of(name.Low ^ ReturnedLow, name.High ^ ReturnedHigh);

    /// <summary>The cell of one window.</summary>
    public static UsageName At(WindowLimit limit, in CounterKey key, WindowSpan span) =>
        At(limit, in key, span.StartNanoseconds, CellMeta.WithExpiry(limit.Meta, (span.EndNanoseconds + NanosecondsPerSecond - 1) / NanosecondsPerSecond));

    /// <summary>As the other, with the metadata that a request has read.</summary>
    public static UsageName At(WindowLimit limit, in CounterKey key, long start, ulong meta) =>
        UsageName.Of(in key, limit.OverflowKey, shadow: false, start, 0, meta);

    /// <summary>The amount of a cell of the main region; 0 without one.</summary>
    public static ulong Read(CounterTable table, in UsageName name)
    {
        UsageCell.TryRead(table.Main, in name.Key, name.Meta, out var amount);
        return amount;
    }

    /// <summary>Raises an amount to a number, in a cell that is claimed if there is none.</summary>
    /// <param name="table">The counters.</param>
    /// <param name="name">Which.</param>
    /// <param name="to">At least this much.</param>
    /// <param name="inherits">Whether a new cell begins with what its limit's newcomers have had: the counter of a key does.</param>
    /// <param name="nanoseconds">Now.</param>
    /// <param name="added">How much it was raised by.</param>
    /// <returns>False when the window is over or there is no room, and nothing has changed.</returns>
    public static bool TryRaise(CounterTable table, in UsageName name, ulong to, bool inherits, long nanoseconds, out ulong added)
    {
        added = 0;
        table.Main.Lock(in name.Key);
        try
        {
            var cell = table.Main.Find(name.Key);
            if (cell != null)
            {
                return TryRaise(cell, name.Meta, to, out added);
            }

            var inherited = inherits ? UsageCounter.OverflowAmount(table, in name) : 0;
            if (inherited >= to)
            {
                return true;
            }

            if (IsPast(table, name.Meta, nanoseconds))
            {
                return false;
            }

            cell = table.Main.TryClaim(in name.Key, name.Meta, nanoseconds, out var previous);
            if (cell == null)
            {
                return false;
            }

            table.Main.Publish(cell, in name.Key, name.Meta, UsageWord.Claimed(Math.Min(to, UsageWord.MaxAmount), previous));
            added = to - inherited;
            return true;
        }
        finally
        {
            table.Main.Unlock(in name.Key);
        }
    }

    // Under the set's lock: nobody claims the cell; requests still take from it.
    private static bool TryRaise(Cell* cell, ulong meta, ulong to, out ulong added)
    {
        added = 0;
        for (var attempt = 0; attempt < UsageCell.MaxAttempts; attempt++)
        {
            var word = Volatile.Read(ref cell->Word);
            var amount = UsageWord.Amount(word, meta);
            if (amount >= to)
            {
                return true;
            }

            if (Interlocked.CompareExchange(ref cell->Word, UsageWord.PlusSaturated(word, to - amount), word) == word)
            {
                added = to - amount;
                return true;
            }
        }

        return false;
    }

    private static bool IsPast(CounterTable table, ulong meta, long nanoseconds) =>
        Math.Max(table.Present, nanoseconds) / NanosecondsPerSecond >= CellMeta.ExpiryOf(meta);
}
