namespace EdgeGuard.Edge.Leases;

/// <summary>Log messages of leases. None ever holds a key of a budget.</summary>
internal static partial class LeaseLog
{
    [LoggerMessage(3330, LogLevel.Warning, "The counters are not provably those that leases were spent by (another boot or file): this edge asks for new leases as another holder, what it held stays charged until its windows end")]
    public static partial void NotProven(ILogger logger);

    [LoggerMessage(3331, LogLevel.Error, "Leases are in force but not kept, so a restart asks for new ones: {Problem}")]
    public static partial void NotKept(ILogger logger, string problem);

    [LoggerMessage(3332, LogLevel.Warning, "No exchange about leases, what is held is spent, next attempt in {Milliseconds} ms: {Problem}")]
    public static partial void NotExchanged(ILogger logger, long milliseconds, string problem);

    [LoggerMessage(3333, LogLevel.Warning, "The control plane has retired this holder of leases: the edge goes on as another one")]
    public static partial void NewHolder(ILogger logger);

    [LoggerMessage(3334, LogLevel.Error, "A lease document is refused: {Problem}")]
    public static partial void Refused(ILogger logger, string problem);

    [LoggerMessage(3335, LogLevel.Warning, "Fleet-wide budgets with on_unreachable: deny are refused: no exchange about leases for {Seconds} s")]
    public static partial void Suspended(ILogger logger, long seconds);
}
