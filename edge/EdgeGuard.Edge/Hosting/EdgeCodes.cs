namespace EdgeGuard.Edge.Hosting;

/// <summary>Diagnostic codes of the edge at run time and of bundle activation (EG32xx).</summary>
internal static class EdgeCodes
{
    public const string AddressUnavailable = "EG3201";
    public const string BundleUnreadable = "EG3202";
    public const string BundleFormNotAccepted = "EG3203";
    public const string BundleNotForward = "EG3204";
    public const string BundleBelowMinimum = "EG3205";
    public const string BundleExpired = "EG3206";
    public const string BundleNotKept = "EG3207";
    public const string ReferenceNotResolved = "EG3208";
    public const string NoSigningKey = "EG3209";
    public const string PeerSignature = "EG3210";
    public const string BadSigningKey = "EG3211";
}
