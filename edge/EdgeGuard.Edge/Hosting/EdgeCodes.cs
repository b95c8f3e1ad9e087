namespace EdgeGuard.Edge.Hosting;

/// <summary>Diagnostic codes of the edge at run time and of bundle activation (EG32xx).</summary>
internal static class EdgeCodes
{
    public const string AddressUnavailable = "EG3201";
    public const string BundleUnreadable = "EG3202";
    public const string BundleFormNotAccepted = "EG3203";
    public const string BundleBelowMinimum = "EG3204";
    public const string BundleExpired = "EG3205";
    public const string BundleNotKept = "EG3206";
    public const string ReferenceNotResolved = "EG3207";
    public const string NoSigningKey = "EG3208";
    public const string BadSigningKey = "EG3209";
    public const string ResolvedAddressRefused = "EG3210";
    public const string SecretTooWeak = "EG3227";
    public const string WebhookSecretUnusable = "EG3228";
    public const string ProviderKeyUnusable = "EG3229";
    public const string VocabularyUnusable = "EG3242";
    public const string BundleReverted = "EG3240";
    public const string FleetWithoutControlPlane = "EG3241";
    public const string DataFileUnreadable = "EG3220";
    public const string FactWithoutSource = "EG3224";
}
