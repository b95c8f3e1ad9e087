using EdgeGuard.Engine.Decide;

namespace EdgeGuard.Edge.Hosting;

/// <summary>
/// Time for decisions: nanoseconds that only rise, anchored to the wall clock when the process started, so that a stepped clock neither opens
/// nor closes a limit; and the wall clock itself for expiries.
/// </summary>
internal sealed class EdgeClock
{
    private const long NanosecondsPerSecond = 1_000_000_000;
    private readonly TimeProvider _time;
    private readonly long _startTimestamp;
    private readonly long _startNanoseconds;
    private readonly long _frequency;

    public EdgeClock(TimeProvider time)
    {
        _time = time;
        _frequency = time.TimestampFrequency;
        _startTimestamp = time.GetTimestamp();
        _startNanoseconds = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
    }

    /// <summary>Both readings; taken once a request.</summary>
    public EngineTime Now =>
        new(_startNanoseconds + ElapsedNanoseconds(_startTimestamp, _time.GetTimestamp()), _time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>The wall clock.</summary>
    public DateTimeOffset UtcNow => _time.GetUtcNow();

    /// <summary>Ticks for measuring a duration with <see cref="ElapsedSince"/>.</summary>
    public long Timestamp => _time.GetTimestamp();

    /// <summary>Nanoseconds since an earlier <see cref="Timestamp"/>.</summary>
    public long ElapsedSince(long timestamp) => ElapsedNanoseconds(timestamp, _time.GetTimestamp());

    // Seconds and rest apart: ticks times 10^9 would overflow 63 bits after 9 seconds at the usual frequency of 10^9.
    private long ElapsedNanoseconds(long from, long to)
    {
        var (seconds, rest) = Math.DivRem(to - from, _frequency);
        return (seconds * NanosecondsPerSecond) + (rest * NanosecondsPerSecond / _frequency);
    }
}
