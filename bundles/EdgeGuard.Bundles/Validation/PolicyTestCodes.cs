namespace EdgeGuard.Bundles.Validation;

/// <summary>Codes about policy tests inside a bundle.</summary>
internal static class PolicyTestCodes
{
    public const string UnknownPolicy = "EG1402";
    public const string UnknownRule = "EG1403";
    public const string Contradiction = "EG1404";
    public const string TooManyRequests = "EG1405";
    public const string BadAddress = "EG1406";
    public const string DuplicateName = "EG1407";
}
