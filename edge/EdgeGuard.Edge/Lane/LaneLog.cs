namespace EdgeGuard.Edge.Lane;

/// <summary>What the lane logs.</summary>
internal static partial class LaneLog
{
    // Without the request: its target, and what the gateway tells of the client, stay out of the log.
    [LoggerMessage(3280, LogLevel.Error, "A decision failed; its gateway was told 500")]
    public static partial void DecisionFailed(ILogger logger, Exception exception);

    [LoggerMessage(3281, LogLevel.Error, "A connection of a lane failed and was ended")]
    public static partial void ConnectionFailed(ILogger logger, Exception exception);
}
