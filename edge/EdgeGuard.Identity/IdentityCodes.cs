namespace EdgeGuard.Identity;

/// <summary>Codes of problems with key sets and authorities.</summary>
public static class IdentityCodes
{
    public const string FetchFailed = "EG4001";
    public const string AddressRefused = "EG4002";
    public const string MalformedKeySet = "EG4003";
    public const string KeyNotUsable = "EG4004";
    public const string PrivateKeyPublished = "EG4005";
    public const string FileUnreadable = "EG4006";
    public const string KeysStale = "EG4007";
    public const string DiscoveryRefused = "EG4008";
    public const string PrivateAddress = "EG4009";
    public const string TrustFileUnusable = "EG4010";
}
