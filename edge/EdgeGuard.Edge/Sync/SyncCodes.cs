namespace EdgeGuard.Edge.Sync;

/// <summary>Codes of what can go wrong between edge and control plane.</summary>
internal static class SyncCodes
{
    /// <summary>Address, authority, token or key of the control plane cannot be used.</summary>
    public const string Setup = "EG3301";

    /// <summary>The control plane cannot be reached.</summary>
    public const string Unreachable = "EG3302";

    /// <summary>The control plane does not know the token.</summary>
    public const string TokenRefused = "EG3303";

    /// <summary>The control plane knows the token but refuses the session.</summary>
    public const string Forbidden = "EG3304";

    /// <summary>The two speak different protocols.</summary>
    public const string Protocol = "EG3305";

    /// <summary>An answer that the protocol does not have.</summary>
    public const string UnexpectedAnswer = "EG3306";

    /// <summary>A directive that this edge cannot carry out.</summary>
    public const string NotSupported = "EG3307";

    /// <summary>A directive that cannot be read.</summary>
    public const string Malformed = "EG3308";

    /// <summary>An announced bundle could not be fetched.</summary>
    public const string BundleNotFetched = "EG3309";

    /// <summary>The stream fell silent.</summary>
    public const string Silent = "EG3310";

    /// <summary>A telemetry batch was not taken.</summary>
    public const string TelemetryRefused = "EG3311";

    /// <summary>A directive is in force but could not be kept.</summary>
    public const string NotKept = "EG3312";

    /// <summary>A kept directive is older than the newest one accepted.</summary>
    public const string KeptIsOld = "EG3313";

    /// <summary>A telemetry batch was refused for good and is not sent any more.</summary>
    public const string TelemetrySetAside = "EG3314";
}
