namespace EdgeGuard.Bundles.Lint;

/// <summary>Codes of advice: the document is valid, and probably not what its author wants.</summary>
internal static class LintCodes
{
    public const string NothingLimited = "EG1501";
    public const string OnlyClientChosenKeys = "EG1502";
    public const string RuleNeverDecides = "EG1503";
    public const string FallbackNeverApplies = "EG1504";
    public const string FieldWithoutEffect = "EG1505";
    public const string ShadowWithoutEnd = "EG1506";
    public const string KillSwitchWithoutEnd = "EG1507";
    public const string NoTests = "EG1508";
    public const string SameSelector = "EG1509";
    public const string DependsOnDoor = "EG1510";
    public const string NothingEnforced = "EG1511";
    public const string EvadableShare = "EG1512";
    public const string RefusedByDefault = "EG1513";
    public const string LevelNeverDecides = "EG1514";
}
