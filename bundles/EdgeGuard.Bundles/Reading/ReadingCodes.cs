namespace EdgeGuard.Bundles.Reading;

/// <summary>Codes of problems found while a text is read.</summary>
internal static class ReadingCodes
{
    public const string TooLarge = "EG1001";
    public const string NotUtf8 = "EG1002";
    public const string Empty = "EG1003";
    public const string TooDeep = "EG1004";
    public const string TooManyValues = "EG1005";
    public const string StringTooLong = "EG1006";
    public const string DuplicateKey = "EG1007";
    public const string JsonSyntax = "EG1008";
    public const string YamlSyntax = "EG1009";
    public const string UnusableNumber = "EG1010";
    public const string SeveralDocuments = "EG1011";
    public const string TagRefused = "EG1012";
    public const string MergeKeyRefused = "EG1013";
    public const string BadAlias = "EG1014";
    public const string BadKey = "EG1015";
    public const string LeadingZero = "EG1016";
    public const string TooManyProblems = "EG1017";
}
