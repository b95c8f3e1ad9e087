namespace EdgeGuard.Edge.Exchanges;

/// <summary>Log messages of requests under way.</summary>
internal static partial class ExchangeLog
{
    [LoggerMessage(3250, LogLevel.Error, "A request under way could not be checked against the kill switches in force")]
    public static partial void NotChecked(ILogger logger, Exception exception);
}
