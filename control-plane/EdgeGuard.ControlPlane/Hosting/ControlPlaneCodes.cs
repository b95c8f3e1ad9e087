namespace EdgeGuard.ControlPlane.Hosting;

/// <summary>Stable codes of the control plane; each has a page in <c>docs/errors/</c>.</summary>
internal static class ControlPlaneCodes
{
    public const string Internal = "EG6000";
    public const string CredentialInvalid = "EG6001";
    public const string ActionDenied = "EG6002";
    public const string NotFound = "EG6003";
    public const string RequestInvalid = "EG6004";
    public const string BodyTooLarge = "EG6005";
    public const string MediaTypeUnsupported = "EG6006";
    public const string TooManyRequests = "EG6007";
    public const string AlreadyExists = "EG6008";
    public const string BundleRefused = "EG6009";
    public const string VersionMoved = "EG6010";
    public const string EdgeMismatch = "EG6011";
    public const string SessionRefused = "EG6012";
    public const string ProtocolUnsupported = "EG6013";
    public const string BatchInvalid = "EG6014";
    public const string KillSwitchInvalid = "EG6015";
    public const string MethodNotAllowed = "EG6016";
    public const string StorageUnavailable = "EG6017";
    public const string BundleExpired = "EG6018";
    public const string ApiKeyInvalid = "EG6030";
    public const string RevocationInvalid = "EG6031";
    public const string SetFull = "EG6032";
    public const string LeaseRequestInvalid = "EG6033";
    public const string EpochBehind = "EG6034";
    public const string TooManyHolders = "EG6035";
    public const string SchemaNewer = "EG6020";
    public const string SchemaDiffers = "EG6021";
    public const string DatabaseUnavailable = "EG6022";
    public const string KeyUnusable = "EG6023";
    public const string ListenFailed = "EG6024";
    public const string CertificateUnusable = "EG6025";
    public const string UsageInvalid = "EG6026";
    public const string HealthFailed = "EG6027";
}
