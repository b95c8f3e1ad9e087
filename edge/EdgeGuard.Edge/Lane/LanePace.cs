namespace EdgeGuard.Edge.Lane;

/// <summary>How slow a client of the lanes may be: as with the server's own times, which is what <c>clients.min_rate</c> says unless it is changed, and then there are no lanes.</summary>
internal static class LanePace
{
    /// <summary>Bytes a second that a client must send of a body, and take of an answer.</summary>
    public const int MinBytesPerSecond = 240;

    /// <summary>Seconds in which it may be slower.</summary>
    public const int GraceSeconds = 5;

    /// <summary>How long it may take a client to take so many bytes, from when it does not take them at once.</summary>
    /// <remarks>All of them, and not the next one: who takes a byte now and then would hold a connection, and the upstream's, for as long as it likes.</remarks>
    public static TimeSpan LimitOf(int bytes) => TimeSpan.FromSeconds(GraceSeconds + ((double)bytes / MinBytesPerSecond));
}
