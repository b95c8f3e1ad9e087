namespace EdgeGuard.Edge.Takeover;

/// <summary>One byte each, sent in this order by the one and by the other.</summary>
internal static class TakeoverStep
{
    /// <summary>New: send the descriptors.</summary>
    public const byte Send = (byte)'S';

    /// <summary>New: its bundle is compiled and its counters are mapped, it can listen at once.</summary>
    public const byte Ready = (byte)'R';

    /// <summary>Old: it accepts no connection any more; the next ones wait in the kernel.</summary>
    public const byte Paused = (byte)'P';

    /// <summary>New: it listens and owns everything.</summary>
    public const byte Listening = (byte)'L';

    /// <summary>Old: its requests have ended. It ends at once.</summary>
    public const byte Drained = (byte)'D';

    /// <summary>Old: it waited too long and goes on as the owner.</summary>
    public const byte Expired = (byte)'X';
}
