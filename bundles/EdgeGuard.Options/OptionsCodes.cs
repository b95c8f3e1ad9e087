namespace EdgeGuard.Options;

/// <summary>Stable codes of problems with options; each has a page in <c>docs/errors/</c>.</summary>
internal static class OptionsCodes
{
    public const string UnknownKey = "EG3001";
    public const string UnknownVariable = "EG3002";
    public const string UnknownFlag = "EG3003";
    public const string WrongType = "EG3004";
    public const string OutOfRange = "EG3005";
    public const string FileUnreadable = "EG3006";
    public const string SecretFileUnreadable = "EG3007";
    public const string SecretTwice = "EG3008";
    public const string SecretOnCommandLine = "EG3009";
    public const string FlagSyntax = "EG3010";
    public const string ConnectedIncomplete = "EG3020";
    public const string BundleAndControlPlane = "EG3021";
    public const string NoDefaultCluster = "EG3022";
    public const string HttpsRequired = "EG3023";
    public const string DecisionSecretRequired = "EG3024";
    public const string BundleUnverifiable = "EG3025";
    public const string TlsIncomplete = "EG3026";
    public const string NoCertificate = "EG3027";
    public const string ClientTrustRequired = "EG3028";
    public const string ProxyProtocolIncomplete = "EG3029";
    public const string ClusterContradiction = "EG3030";
    public const string VocabularyIncomplete = "EG3031";
}
