namespace EdgeGuard.Bundles.Diff;

/// <summary>What a change does to traffic.</summary>
internal static class Effects
{
    public const string Loosens = "loosens";
    public const string Tightens = "tightens";
    public const string ResetsCounters = "resets counters";
}
