namespace EdgeGuard.Bundles.Schema;

/// <summary>
/// Longest time that one pattern may look at one text. The patterns are near linear and the texts short, so this only ends what is wrong with a
/// pattern itself. It is a wall clock: 250 ms refused good bundles when the machine gave the thread no time.
/// </summary>
internal static class MatchBudget
{
    public const int Milliseconds = 10_000;
}
