namespace EdgeGuard.Engine.Counters;

/// <summary>Windows of one length, laid from one moment in both directions: what UTC knows of days and weeks, which have no leap second here.</summary>
internal sealed class FixedCalendar : WindowCalendar
{
    /// <summary>1970-01-01 was a Thursday.</summary>
    private const DayOfWeek EpochDay = DayOfWeek.Thursday;

    private const long Day = 86_400 * Second;
    private readonly long _origin;

    public FixedCalendar(long length, long origin = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        Length = length;
        _origin = origin;
    }

    /// <summary>Nanoseconds of a window.</summary>
    public long Length { get; }

    /// <summary>Windows of a length, aligned to the Unix epoch.</summary>
    public static FixedCalendar Every(TimeSpan length) => new(length.Ticks * TimeSpan.NanosecondsPerTick);

    /// <summary>Weeks of UTC that begin on a day.</summary>
    public static FixedCalendar Weekly(DayOfWeek start) => new(7 * Day, ((int)start - (int)EpochDay) * Day);

    protected override WindowSpan Compute(long nanoseconds)
    {
        var into = (nanoseconds - _origin) % Length;
        var start = nanoseconds - (into < 0 ? into + Length : into);
        return new WindowSpan(start, start + Length);
    }
}
