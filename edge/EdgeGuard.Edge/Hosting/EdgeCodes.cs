namespace EdgeGuard.Edge.Hosting;

/// <summary>Diagnostic codes of the edge at run time and of bundle activation (EG32xx).</summary>
internal static class EdgeCodes
{
    public const string AddressUnavailable = "EG3201";
    public const string DecisionListenerOpen = "EG3202";
    public const string NoDefaultCluster = "EG3203";
    public const string BadAddress = "EG3204";
    public const string BundleUnreadable = "EG3210";
    public const string BundleFormNotAccepted = "EG3211";
    public const string BundleNotForward = "EG3212";
    public const string BundleBelowMinimum = "EG3213";
    public const string BundleExpired = "EG3214";
    public const string BundleNotKept = "EG3215";
    public const string ReferenceNotResolved = "EG3216";
    public const string NoSigningKey = "EG3217";
    public const string PeerSignature = "EG3218";
}
