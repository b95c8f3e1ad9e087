namespace EdgeGuard.ControlPlane.Hosting;

/// <summary>Everything the control plane logs. No token, address, scope value or label is ever a field.</summary>
internal static partial class ControlPlaneLog
{
    [LoggerMessage(6000, LogLevel.Error, "Request failed: {Method} {Route}")]
    public static partial void RequestFailed(ILogger logger, string method, string route, Exception error);

    [LoggerMessage(6001, LogLevel.Warning, "The database did not answer in time")]
    public static partial void StorageUnavailable(ILogger logger, Exception error);

    [LoggerMessage(6002, LogLevel.Information, "Edge {EdgeId} connected, version {EdgeVersion}")]
    public static partial void EdgeConnected(ILogger logger, string edgeId, string edgeVersion);

    [LoggerMessage(6003, LogLevel.Information, "Edge {EdgeId} disconnected: {Cause}")]
    public static partial void EdgeDisconnected(ILogger logger, string edgeId, string cause);

    [LoggerMessage(6004, LogLevel.Warning, "Edge {EdgeId} opened a second session; the older one is closed")]
    public static partial void SecondSession(ILogger logger, string edgeId);

    [LoggerMessage(6005, LogLevel.Information, "Bundle version {Version} published for organization {OrganizationId}, {Streams} streams told")]
    public static partial void BundlePublished(ILogger logger, long version, string organizationId, int streams);

    [LoggerMessage(6006, LogLevel.Information, "Kill-switch set {Sequence} of organization {OrganizationId}: {Count} in force, {Streams} streams told")]
    public static partial void KillSwitchesChanged(ILogger logger, long sequence, string organizationId, int count, int streams);

    [LoggerMessage(6012, LogLevel.Information, "Set {Sequence} of {Kind} of organization {OrganizationId}: {Count} in force, {Streams} streams told")]
    public static partial void SetChanged(ILogger logger, long sequence, string kind, string organizationId, int count, int streams);

    [LoggerMessage(6007, LogLevel.Error, "Acknowledged states could not be written; they are kept and tried again")]
    public static partial void FlushFailed(ILogger logger, Exception error);

    [LoggerMessage(6008, LogLevel.Error, "The server certificate could not be renewed")]
    public static partial void RenewalFailed(ILogger logger, Exception error);

    [LoggerMessage(6009, LogLevel.Warning, "Edge {EdgeId} did not prove possession of its key")]
    public static partial void ProofFailed(ILogger logger, string edgeId);

    [LoggerMessage(6010, LogLevel.Information, "Server certificate renewed, valid until {ValidUntil}")]
    public static partial void CertificateRenewed(ILogger logger, DateTimeOffset validUntil);

    [LoggerMessage(6013, LogLevel.Warning, "Edge {EdgeId}: a holder of leases was retired; what it held counts as spent until its windows end")]
    public static partial void HolderRetired(ILogger logger, string edgeId);

    [LoggerMessage(6014, LogLevel.Error, "Leases of windows that are over could not be taken away; tried again in ten minutes")]
    public static partial void CleanupFailed(ILogger logger, Exception error);

    [LoggerMessage(6011, LogLevel.Error, "A stream to edge {EdgeId} failed")]
    public static partial void StreamFailed(ILogger logger, string edgeId, Exception error);
}
