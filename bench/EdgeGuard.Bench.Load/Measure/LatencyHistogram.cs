using System.Numerics;

namespace EdgeGuard.Bench.Load.Measure;

/// <summary>
/// Counts of nanoseconds in buckets whose width grows with the value (the layout of HdrHistogram): values below 256 have a bucket
/// each, and every power of two above is cut into 128. A bucket is reported as its greatest value, so a figure is never below the
/// true one and at most <see cref="RelativeError"/> above it. 36 KiB; values beyond 18 minutes count as 18 minutes.
/// </summary>
internal sealed class LatencyHistogram
{
    /// <summary>Greatest share by which a reported value exceeds the true one: 1/128.</summary>
    public const double RelativeError = 1.0 / Half;

    public const long Greatest = (1L << 40) - 1;

    private const int HalfBits = 7;
    private const int Half = 1 << HalfBits;

    private readonly long[] _counts = new long[Index(Greatest) + 1];
    private long _least = long.MaxValue;
    private double _sum;

    public long Count { get; private set; }

    public long Max { get; private set; }

    public long Min => Count == 0 ? 0 : _least;

    public double Mean => Count == 0 ? 0 : _sum / Count;

    public void Record(long nanoseconds)
    {
        long value = Math.Clamp(nanoseconds, 0, Greatest);
        _counts[Index(value)]++;
        Count++;
        Max = Math.Max(Max, value);
        _least = Math.Min(_least, value);
        _sum += value;
    }

    public void Add(LatencyHistogram other)
    {
        for (int i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }

        Count += other.Count;
        Max = Math.Max(Max, other.Max);
        _least = Math.Min(_least, other._least);
        _sum += other._sum;
    }

    /// <summary>The value that so many percent of the recorded ones do not exceed (nearest rank); 0 when nothing was recorded.</summary>
    /// <param name="percent">0 to 100.</param>
    public long Percentile(double percent)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(percent);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(percent, 100);
        // The subtraction keeps 99.9 % of 1000 at rank 999: 0.999 * 1000 is a little more in binary.
        long rank = Math.Clamp((long)Math.Ceiling((percent / 100 * Count) - 1e-9), 1, Math.Max(1, Count));
        long seen = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= rank)
            {
                return Math.Min(Top(i), Max);
            }
        }

        return 0;
    }

    private static int Index(long value)
    {
        int shift = Math.Max(0, BitOperations.Log2((ulong)value | 1) - HalfBits);
        return (shift << HalfBits) + (int)(value >> shift);
    }

    // The inverse: the greatest value of a bucket.
    private static long Top(int index)
    {
        int shift = Math.Max(0, (index >> HalfBits) - 1);
        long top = index - ((long)shift << HalfBits);
        return ((top + 1) << shift) - 1;
    }
}
