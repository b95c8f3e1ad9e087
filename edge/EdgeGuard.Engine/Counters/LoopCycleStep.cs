namespace EdgeGuard.Engine.Counters;

/// <summary>
/// One more call of a caller's history. The word: bits 0 to 43 the last calls as short hashes, newest lowest; bits 44 to 46 the period that
/// they repeat with, less one; bits 47 to 63 how many calls in a row equalled the one a period before. The window ends when the cell expires.
/// </summary>
/// <param name="call">Hash of the call.</param>
/// <param name="single">Whether this call repeated with nothing in between is a cycle too.</param>
/// <param name="limit">Longest cycle and threshold.</param>
/// <param name="endSecond">When a window that begins now ends.</param>
internal struct LoopCycleStep(ulong call, bool single, LoopLimit limit, long endSecond) : ICellStep
{
    private const int RingBits = 44;
    private const int PeriodBits = 3;
    private const int RunShift = RingBits + PeriodBits;
    private const ulong RingMask = (1UL << RingBits) - 1;
    private const ulong PeriodMask = (1UL << PeriodBits) - 1;

    // Below the largest, so that no word is the busy mark. Enough for 10 000 repeats of 8 calls.
    private const ulong MaxRun = (1UL << (64 - RunShift)) - 2;

    /// <summary>Bits of agreement before a cycle is believed: 2^-24 is the chance that different calls look like one.</summary>
    private const int EvidenceBits = 24;

    private readonly int _bits = RingBits / limit.MaxCycleLength;

    /// <summary>Repeats of the cycle before this call completes another.</summary>
    public ulong Before { get; private set; }

    /// <summary>The word as it was.</summary>
    public ulong Previous { get; private set; }

    /// <summary>The word as it becomes.</summary>
    public ulong Next { get; private set; }

    /// <summary>Second at which the window ends.</summary>
    public long End { get; private set; }

    public bool TryNext(ulong word, long expiry, out ulong next, out long nextExpiry)
    {
        // Never 0, which is no call.
        var step = (call % ((1UL << _bits) - 1)) + 1;
        var ring = word & RingMask;
        var period = (int)((word >> RingBits) & PeriodMask) + 1;
        var run = word >> RunShift;
        var goesOn = run > 0 && (period > 1 || single) && At(ring, period) == step;
        Before = RepeatsBefore(run + 1, period);
        if (!goesOn && !(Before >= limit.Capacity && run > 0 && IsOneOf(ring, step, period)))
        {
            run = BestRun(ring, step, out period);
            Before = RepeatsBefore(run, period);
        }
        else
        {
            // Who is refused one call of a cycle must not go round by leaving it out.
            run = Math.Min(run + 1, MaxRun);
        }

        End = expiry == 0 ? endSecond : expiry;
        Previous = word;
        Next = (((ring << _bits) | step) & RingMask) | ((ulong)(period - 1) << RingBits) | (run << RunShift);
        next = Next;
        nextExpiry = End;
        return Before < limit.Capacity;
    }

    /// <summary>A call that did not happen after all: the history without it, or, if others came after it, one repeat fewer.</summary>
    public static ulong Undo(ulong word, ulong taken, ulong previous) =>
        word == taken ? previous : word >> RunShift == 0 ? word : word - (1UL << RunShift);

    private readonly ulong RepeatsBefore(ulong run, int period)
    {
        var before = run / (ulong)period;
        return run * (ulong)_bits < EvidenceBits ? Math.Min(before, limit.Threshold - 2) : before;
    }

    // The call so many calls ago; 0 when there were not so many.
    private readonly ulong At(ulong ring, int ago) => (ring >> ((ago - 1) * _bits)) & ((1UL << _bits) - 1);

    // The period that explains the most of what is remembered, the shortest of equals.
    private readonly ulong BestRun(ulong ring, ulong step, out int period)
    {
        var best = 0;
        period = 1;
        for (var p = single ? 1 : 2; p <= limit.MaxCycleLength; p++)
        {
            var run = At(ring, p) == step ? 1 : 0;
            if (run == 0 || (p > 1 && IsUniform(ring, step, p)))
            {
                continue;
            }

            while (run + p <= limit.MaxCycleLength && At(ring, run) == At(ring, run + p))
            {
                run++;
            }

            if (run > best)
            {
                best = run;
                period = p;
            }
        }

        return (ulong)best;
    }

    private readonly bool IsOneOf(ulong ring, ulong step, int period)
    {
        for (var ago = 1; ago <= period; ago++)
        {
            if (At(ring, ago) == step)
            {
                return true;
            }
        }

        return false;
    }

    // The same call throughout is a cycle of one, whatever period it is looked at with.
    private readonly bool IsUniform(ulong ring, ulong step, int period)
    {
        for (var ago = 1; ago < period; ago++)
        {
            if (At(ring, ago) != step)
            {
                return false;
            }
        }

        return true;
    }
}
