using EdgeGuard.Edge.Counters;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Decide;

namespace EdgeGuard.Edge.Hosting;

/// <summary>
/// Time for decisions: nanoseconds that only rise, so that a stepped clock neither opens nor closes a limit; and the wall clock itself for
/// expiries. Within one boot of the machine the nanoseconds are those of its boot clock on a line that the counter table keeps: a restart
/// goes on along it, however the wall clock was set meanwhile. After a boot the line begins at the wall clock, but never before the latest
/// time that the table has seen.
/// </summary>
internal sealed class EdgeClock
{
    /// <summary>How far the time that the table has seen may be behind: a boot takes longer, so nothing is lost by beginning that much later.</summary>
    public const long NotedEvery = 100_000_000;

    private readonly TimeProvider _time;
    private readonly IBootClock _boot;
    private readonly CounterTable _table;
    private readonly long _anchor;
    private long _noted;

    /// <summary>A clock on the line of a table.</summary>
    /// <param name="time">The wall clock.</param>
    /// <param name="boot">The machine's clock.</param>
    /// <param name="table">Keeps the line and the latest time.</param>
    public EdgeClock(TimeProvider time, IBootClock boot, CounterTable table)
    {
        _time = time;
        _boot = boot;
        _table = table;
        _anchor = AnchorOf(boot.Nanoseconds);
        _noted = table.HighWater;
    }

    /// <summary>Both readings; taken once a request.</summary>
    public EngineTime Now => new(Nanoseconds, _time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>The time that limits count by.</summary>
    public long Nanoseconds
    {
        get
        {
            var now = _anchor + _boot.Nanoseconds;
            if (now - Volatile.Read(ref _noted) >= NotedEvery)
            {
                Volatile.Write(ref _noted, now);
                _table.NoteTime(now);
            }

            return now;
        }
    }

    /// <summary>The wall clock.</summary>
    public DateTimeOffset UtcNow => _time.GetUtcNow();

    private long AnchorOf(long elapsed)
    {
        var seen = _table.HighWater;
        if (_table.ReadClock() is { } line && line.Boot == _boot.Boot && line.Anchor + elapsed >= seen)
        {
            return line.Anchor;
        }

        // A machine that was put back to an earlier state has the boot of then and its clock too: it is behind what was seen.
        var wall = (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
        var anchor = Math.Max(wall, seen == 0 ? 0 : seen + NotedEvery) - elapsed;
        _table.WriteClock(new ClockLine(_boot.Boot, anchor));
        return anchor;
    }
}
