namespace EdgeGuard.Edge.Bundles;

/// <summary>Log messages of activation.</summary>
internal static partial class ActivationLog
{
    [LoggerMessage(3200, LogLevel.Information, "Bundle version {Version} ({Digest}) from {Origin} is in force")]
    public static partial void Activated(ILogger logger, long version, string digest, string origin);

    [LoggerMessage(3201, LogLevel.Error, "Bundle from {Origin} refused, {Code}: {Problem}")]
    public static partial void Refused(ILogger logger, string origin, string code, string problem);

    [LoggerMessage(3203, LogLevel.Warning, "Bundle from {Origin} is in force, {Code}: {Problem}")]
    public static partial void InForceDespite(ILogger logger, string origin, string code, string problem);

    [LoggerMessage(3202, LogLevel.Warning, "Bundle file cannot be read: {Problem}")]
    public static partial void Unreadable(ILogger logger, string problem);
}
