namespace EdgeGuard.Bundles.Validation;

/// <summary>Codes about secrets and references.</summary>
internal static class SecretCodes
{
    public const string EmbeddedSecret = "EG1301";
    public const string MalformedReference = "EG1302";
    public const string ReferenceNotAllowedHere = "EG1303";
    public const string ReferenceNotListed = "EG1304";
    public const string NotAReference = "EG1305";
    public const string KillSwitchNamesCredential = "EG1306";
}
