namespace EdgeGuard.Bundles.Validation;

/// <summary>Codes that only a document in the peer's dialect can give.</summary>
internal static class PeerCodes
{
    public const string UnknownFieldIgnored = "EG1601";
    public const string FieldHasNoEffect = "EG1602";
    public const string OnMissingAllows = "EG1603";
    public const string DialectNotAccepted = "EG1604";
    public const string NumberCapped = "EG1605";
}
