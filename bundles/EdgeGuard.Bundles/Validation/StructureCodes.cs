namespace EdgeGuard.Bundles.Validation;

/// <summary>Codes of findings in one value or one map, without a look elsewhere.</summary>
internal static class StructureCodes
{
    public const string UnknownField = "EG1101";
    public const string MissingField = "EG1102";
    public const string WrongType = "EG1103";
    public const string OutOfRange = "EG1104";
    public const string Malformed = "EG1105";
    public const string NotAllowed = "EG1106";
    public const string WrongCount = "EG1107";
    public const string WrongLength = "EG1108";
    public const string BadDuration = "EG1110";
    public const string BadTimestamp = "EG1111";
    public const string BadDescriptor = "EG1112";
    public const string TwoSpellings = "EG1113";
    public const string RepeatedItem = "EG1114";
    public const string TooManyFindings = "EG1199";
}
