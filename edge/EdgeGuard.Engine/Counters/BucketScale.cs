using System.Numerics;
using System.Runtime.CompilerServices;

namespace EdgeGuard.Engine.Counters;

/// <summary>
/// The units that one token bucket is counted in, chosen so that its arithmetic is in whole numbers. A nanosecond refills
/// <see cref="UnitsPerNanosecond"/> units and a token is <see cref="UnitsPerToken"/>; their ratio is the rate exactly whenever the rate's
/// reduced numerator is at most <see cref="MaxUnitsPerNanosecond"/>, and otherwise the next slower one. docs/decision.md has the arithmetic.
/// </summary>
internal readonly record struct BucketScale
{
    /// <summary>Most units a nanosecond: with it a half turn of the 62-bit clock takes 2^47 ns, 39 hours or 16 epochs.</summary>
    public const uint MaxUnitsPerNanosecond = 1 << 14;

    /// <summary>Largest burst in units, a quarter of the clock's turn: what is owed and what is long paid can never be mistaken.</summary>
    public const ulong MaxBurst = 1UL << 60;

    /// <summary>Largest cost in units; anything above <see cref="MaxBurst"/> is refused anyway.</summary>
    public const ulong MaxCost = 1UL << 61;

    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>With whole tokens: 12 bits for beginnings with the two that every bucket has.</summary>
    private const int LeastSpareBits = 10;

    private readonly ExactDivisor _perSecond;

    private BucketScale(uint unitsPerNanosecond, ulong unitsPerToken, ulong burst, int timeShift, ulong debt, int spareBits)
    {
        SpareBits = spareBits;
        RestartMask = (BucketWord.PlainMask << spareBits) | ((1UL << spareBits) - 1);
        Debt = Math.Max(debt, burst);
        UnitsPerNanosecond = unitsPerNanosecond;
        UnitsPerToken = unitsPerToken;
        Burst = burst;
        TimeShift = timeShift;
        _perSecond = new ExactDivisor((ulong)unitsPerNanosecond * NanosecondsPerSecond);
        StaleEpochs = timeShift > 0 ? ulong.MaxValue : ((1UL << (61 - CellMeta.EpochShift)) / unitsPerNanosecond) - 2;
    }

    public uint UnitsPerNanosecond { get; }

    public ulong UnitsPerToken { get; }

    /// <summary>Capacity in units, rounded down.</summary>
    public ulong Burst { get; }

    /// <summary>Most units that may be missing: the burst, and beyond it what may be borrowed or owed.</summary>
    public ulong Debt { get; }

    /// <summary>0, or for buckets that take more than 36 years to fill: a unit is 2^shift nanoseconds.</summary>
    public int TimeShift { get; }

    /// <summary>
    /// Everything that the bucket counts is a multiple of 2^bits units: so many low bits of its clock are free to tell its beginnings apart.
    /// </summary>
    public int SpareBits { get; }

    /// <summary>The bits of a word that tell beginnings apart.</summary>
    public ulong RestartMask { get; }

    /// <summary>Whether beginnings are numbered (<see cref="BeginningNumbers"/>) and not only counted modulo 4.</summary>
    public bool IsNumbered => RestartMask != BucketWord.PlainMask;

    /// <summary>A cell whose last refresh is this many epochs old is full, and must not be read by its clock any more.</summary>
    public ulong StaleEpochs { get; }

    /// <summary>The clock in units, of which the low 62 bits count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong ClockAt(long nanoseconds) => ((ulong)nanoseconds * UnitsPerNanosecond) >> TimeShift;

    /// <summary>Chooses the units for a rate (tokens a second) and a burst (tokens), both above 0.</summary>
    public static BucketScale Choose(double rate, double burst) => Choose(rate, burst, burst);

    /// <summary>As <see cref="Choose(double, double)"/>, for a bucket of which more than the burst may be missing.</summary>
    /// <param name="rate">Tokens in so many seconds, above 0.</param>
    /// <param name="burst">Tokens, above 0.</param>
    /// <param name="debt">Most tokens that may be missing, at least the burst.</param>
    /// <param name="seconds">Seconds that the rate is for: 100 a minute is no decimal a second, and exact all the same.</param>
    /// <param name="wholeTokens">
    /// Whether costs are whole numbers of tokens, whose refunds may come long after. Then no unit finer than the rate needs is chosen, of at
    /// most 16 a nanosecond, so that 10 to 14 bits are spare.
    /// </param>
    public static BucketScale Choose(double rate, double burst, double debt, int seconds = 1, bool wholeTokens = false)
    {
        var most = wholeTokens ? MaxUnitsPerNanosecond >> LeastSpareBits : MaxUnitsPerNanosecond;
        var owed = ExactRational.FromDouble(Math.Max(debt, burst));
        var tokens = ExactRational.FromDouble(burst);
        var perSecond = ExactRational.FromDouble(rate);

        // One token takes 10^9 * denominator / numerator nanoseconds: that fraction, reduced, is units per token over units per nanosecond.
        var token = perSecond.Denominator * NanosecondsPerSecond * seconds;
        var divisor = BigInteger.GreatestCommonDivisor(token, perSecond.Numerator);
        var nanosecond = perSecond.Numerator / divisor;
        token /= divisor;
        if (nanosecond > most)
        {
            token = DivideUp(token * most, nanosecond);
            nanosecond = most;
        }

        for (var shift = 0; shift < 62; shift++)
        {
            var unit = shift == 0 ? token : DivideUp(DivideUp(token, nanosecond), BigInteger.One << shift);
            var perNanosecond = shift == 0 ? nanosecond : BigInteger.One;
            if (shift == 0 && owed.TimesDown(unit) > MaxBurst && nanosecond > 1)
            {
                // Too fine for this burst: whole nanoseconds before anything coarser.
                unit = DivideUp(token, nanosecond);
                perNanosecond = BigInteger.One;
            }

            var capacity = owed.TimesDown(unit);
            if (capacity <= MaxBurst)
            {
                var finer = shift == 0 && !wholeTokens ? Finer(perNanosecond, capacity) : 1;
                var spare = shift == 0 && wholeTokens ? Spare(perNanosecond, capacity) : 0;
                return new BucketScale(
                    (uint)(perNanosecond * finer) << spare,
                    (ulong)BigInteger.Max(1, unit * finer) << spare,
                    (ulong)tokens.TimesDown(unit * finer) << spare,
                    shift,
                    (ulong)owed.TimesDown(unit * finer) << spare,
                    spare);
            }
        }

        // Slower than one burst in 10^29 nanoseconds: it never refills in practice.
        return new BucketScale(1, MaxBurst, MaxBurst, 61, MaxBurst, 0);
    }

    /// <summary>A scale as it was chosen once, from its parts.</summary>
    internal static BucketScale Restore(uint unitsPerNanosecond, ulong unitsPerToken, ulong burst, int timeShift, ulong debt, int spareBits) =>
        unitsPerNanosecond == 0 ? default : new(unitsPerNanosecond, unitsPerToken, burst, timeShift, debt, spareBits);

    /// <summary>Units as a multiple of what the bucket counts in, rounded up.</summary>
    public ulong Whole(ulong units) => (units + ((1UL << SpareBits) - 1)) & ~((1UL << SpareBits) - 1);

    /// <summary>Units of a cost in tokens, rounded up, at least one.</summary>
    public ulong CostUnits(decimal tokens) => Counters.CostUnits.Of(tokens, UnitsPerToken, TimeShift > 0);

    /// <summary>Whole tokens in units, rounded down.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Tokens(ulong units) => (long)(units / UnitsPerToken);

    /// <summary>Seconds that a number of units takes to refill, rounded up.</summary>
    public int Seconds(ulong units)
    {
        var perSecond = (ulong)UnitsPerNanosecond * NanosecondsPerSecond;
        var seconds = TimeShift == 0
            ? _perSecond.Quotient(units + perSecond - 1)
            : (ulong)Math.Min(int.MaxValue, Math.Ceiling(Math.ScaleB((double)units, TimeShift) / perSecond));
        return (int)Math.Min(seconds, int.MaxValue);
    }

    /// <summary>Units that refill between two times, at most so many that any bucket is full.</summary>
    public ulong RefilledBetween(long from, long to)
    {
        var units = ((UInt128)(ulong)(to - from) * UnitsPerNanosecond) >> TimeShift;
        return units >= MaxBurst ? MaxBurst : (ulong)units;
    }

    /// <summary>
    /// What is left after a change of numbers: what was left before, in the new units, and never more than the new burst. Below zero when
    /// more than the burst is missing.
    /// </summary>
    public long Rescale(long left, in BucketScale old)
    {
        var scaled = (Int128)left * UnitsPerToken;
        var units = scaled / old.UnitsPerToken;
        if (scaled < 0 && scaled % old.UnitsPerToken != 0)
        {
            units--;
        }

        return units >= Burst ? (long)Burst : (long)Int128.Max(units, -(Int128)MaxBurst);
    }

    // A thousandth, hundredth or tenth of the unit, as far as it fits, so that costs such as 0.5 or 0.001 are whole numbers of units.
    private static int Finer(BigInteger perNanosecond, BigInteger burst)
    {
        var finer = 1000;
        while (finer > 1 && (perNanosecond * finer > MaxUnitsPerNanosecond || (burst + 1) * finer > MaxBurst))
        {
            finer /= 10;
        }

        return finer;
    }

    // Doublings of the unit that fit.
    private static int Spare(BigInteger perNanosecond, BigInteger burst)
    {
        var spare = 0;
        while (perNanosecond << (spare + 1) <= MaxUnitsPerNanosecond && (burst + 1) << (spare + 1) <= MaxBurst)
        {
            spare++;
        }

        return spare;
    }

    private static BigInteger DivideUp(BigInteger a, BigInteger b) => (a + b - 1) / b;
}
