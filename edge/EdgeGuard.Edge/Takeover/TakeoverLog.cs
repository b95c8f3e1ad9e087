namespace EdgeGuard.Edge.Takeover;

/// <summary>Log messages of a takeover.</summary>
internal static partial class TakeoverLog
{
    [LoggerMessage(3270, LogLevel.Warning, "The takeover failed, this process goes on: {Why}")]
    public static partial void Failed(ILogger logger, string why);

    [LoggerMessage(3271, LogLevel.Information, "Another process has taken over; this one ends its requests and itself")]
    public static partial void GivenAway(ILogger logger);

    [LoggerMessage(3272, LogLevel.Information, "Taken over; the process before has ended (in good order: {Clean})")]
    public static partial void TakenOver(ILogger logger, bool clean);
}
