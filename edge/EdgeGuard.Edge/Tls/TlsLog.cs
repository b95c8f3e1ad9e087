namespace EdgeGuard.Edge.Tls;

/// <summary>Log messages of certificates.</summary>
internal static partial class TlsLog
{
    [LoggerMessage(3230, LogLevel.Information, "Certificate {Name} is in force until {Until}")]
    public static partial void Loaded(ILogger logger, string name, DateTime until);

    [LoggerMessage(3231, LogLevel.Error, "Certificate {Name} refused, the one before stays in force, {Code}: {Problem}")]
    public static partial void Refused(ILogger logger, string name, string code, string problem);
}
