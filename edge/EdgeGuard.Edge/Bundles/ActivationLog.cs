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

    [LoggerMessage(3204, LogLevel.Error, "Bundle version {Version} ({Digest}) was taken back by its fuse: {Why}. Version {Before} is in force again")]
    public static partial void Reverted(ILogger logger, long version, string digest, string why, long before);

    [LoggerMessage(3205, LogLevel.Error, "Bundle version {Version} is in force again but could not be kept for the next start: {Problem}")]
    public static partial void NotKept(ILogger logger, long version, string problem);

    [LoggerMessage(3202, LogLevel.Warning, "Bundle file cannot be read: {Problem}")]
    public static partial void Unreadable(ILogger logger, string problem);
}
