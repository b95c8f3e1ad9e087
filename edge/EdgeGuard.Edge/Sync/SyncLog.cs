namespace EdgeGuard.Edge.Sync;

/// <summary>Log messages of the connection to the control plane. None ever holds a token, a key or what a kill switch matches.</summary>
internal static partial class SyncLog
{
    [LoggerMessage(3300, LogLevel.Information, "Connected to the control plane at {Address}")]
    public static partial void Connected(ILogger logger, string address);

    [LoggerMessage(3301, LogLevel.Warning, "Not connected to the control plane, next attempt in {Milliseconds} ms: {Problem}")]
    public static partial void Disconnected(ILogger logger, long milliseconds, string problem);

    [LoggerMessage(3302, LogLevel.Error, "The control plane refuses this edge, next attempt in {Milliseconds} ms: {Problem}")]
    public static partial void RefusedByControlPlane(ILogger logger, long milliseconds, string problem);

    [LoggerMessage(3303, LogLevel.Error, "Directive {Kind} refused: {Problem}")]
    public static partial void DirectiveRefused(ILogger logger, string kind, string problem);

    [LoggerMessage(3304, LogLevel.Information, "Kill switches in force: {Count} pushed, set {Epoch}/{Sequence}")]
    public static partial void KillSwitchesInForce(ILogger logger, int count, long epoch, long sequence);

    [LoggerMessage(3313, LogLevel.Information, "In force: {Count} pushed {Kind}, set {Epoch}/{Sequence}")]
    public static partial void SetInForce(ILogger logger, string kind, int count, long epoch, long sequence);

    [LoggerMessage(3305, LogLevel.Error, "Directive {Kind} is in force but not kept: {Problem}")]
    public static partial void NotKept(ILogger logger, string kind, string problem);

    [LoggerMessage(3306, LogLevel.Warning, "Telemetry batch not delivered, kept for the next attempt: {Problem}")]
    public static partial void TelemetryNotDelivered(ILogger logger, string problem);

    [LoggerMessage(3307, LogLevel.Warning, "State: {Problem}")]
    public static partial void StateProblem(ILogger logger, string problem);

    [LoggerMessage(3308, LogLevel.Warning, "Local kill switch {Id} {Action} by the admin socket")]
    public static partial void LocalKillSwitch(ILogger logger, string id, string action);

    [LoggerMessage(3309, LogLevel.Error, "The sync loop met an unexpected error and goes on")]
    public static partial void Unexpected(ILogger logger, Exception failure);

    [LoggerMessage(3310, LogLevel.Warning, "Acknowledgements not delivered, kept for the next attempt: {Problem}")]
    public static partial void AcksNotDelivered(ILogger logger, string problem);

    [LoggerMessage(3312, LogLevel.Error, "Telemetry batch set aside, its counts are missing at the control plane: {Problem}")]
    public static partial void TelemetrySetAside(ILogger logger, string problem);

    [LoggerMessage(3311, LogLevel.Warning, "Bundle not fetched, next attempt in {Milliseconds} ms: {Problem}")]
    public static partial void BundleNotFetched(ILogger logger, long milliseconds, string problem);
}
