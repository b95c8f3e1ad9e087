using System.Security.Cryptography;

namespace EdgeGuard.Edge.Counters;

/// <summary>The timestamps of a time provider, where the machine's own clock is not to be had: every start counts as a new boot.</summary>
internal sealed class ProviderBootClock(TimeProvider time) : IBootClock
{
    private const long NanosecondsPerSecond = 1_000_000_000;
    private readonly long _frequency = time.TimestampFrequency;

    /// <inheritdoc />
    public UInt128 Boot { get; } = BitConverter.ToUInt128(RandomNumberGenerator.GetBytes(16));

    /// <inheritdoc />
    public long Nanoseconds
    {
        get
        {
            // Seconds and rest apart: ticks times 10^9 would overflow 63 bits after 9 seconds at the usual frequency of 10^9.
            var (seconds, rest) = Math.DivRem(time.GetTimestamp(), _frequency);
            return (seconds * NanosecondsPerSecond) + (rest * NanosecondsPerSecond / _frequency);
        }
    }
}
