namespace EdgeGuard.Engine.Counters;

/// <summary>A budget or sliding window as a table counts it. Amounts are in micro-units: 10^12 units are 10^18, which fits 60 bits.</summary>
internal sealed class WindowLimit
{
    /// <summary>Micro-units in a unit.</summary>
    public const ulong UnitsPerToken = 1_000_000;

    /// <summary>Where windows begin and end.</summary>
    public required WindowCalendar Calendar { get; init; }

    /// <summary>Parts that a sliding window is counted in; 0 for a window of the calendar.</summary>
    public int Parts { get; init; }

    /// <summary>Kind and generation in this table; the expiry is added by each cell.</summary>
    public required ulong Meta { get; init; }

    /// <summary>The rule's overflow counter.</summary>
    public required CounterKey OverflowKey { get; init; }
}
