namespace EdgeGuard.Engine.Counters;

/// <summary>Lays windows along the calendar. Immutable but for a remembered present window, so that most requests compute none.</summary>
internal abstract class WindowCalendar
{
    private WindowSpan? _present;

    /// <summary>
    /// The window that a time is in. Never one before a window that was already returned: a window index never decreases, whatever the order
    /// in which concurrent requests read their clocks.
    /// </summary>
    /// <param name="nanoseconds">Nanoseconds since the Unix epoch.</param>
    public WindowSpan At(long nanoseconds)
    {
        var present = Volatile.Read(ref _present);
        if (present is not null && nanoseconds < present.EndNanoseconds)
        {
            return present;
        }

        var next = Compute(nanoseconds);
        while (true)
        {
            var seen = Interlocked.CompareExchange(ref _present, next, present);
            if (ReferenceEquals(seen, present))
            {
                return next;
            }

            if (seen!.StartNanoseconds >= next.StartNanoseconds)
            {
                return seen;
            }

            present = seen;
        }
    }

    /// <summary>The window that a time is in, from nothing but the time.</summary>
    protected abstract WindowSpan Compute(long nanoseconds);
}
