using EdgeGuard.Bundles.Reading;
using EdgeGuard.Bundles.Validation;

namespace EdgeGuard.Bundles.Lint;

/// <summary>Compares a level of a hierarchy with the level above, as far as their numbers can be compared.</summary>
internal static class LevelComparison
{
    /// <summary>Whether the level lets through at least as much as the level above in every number, and more in one.</summary>
    public static bool IsLooser(Node level, Node above)
    {
        if (level["algorithm_config"] is not { } mine || above["algorithm_config"] is not { } theirs
            || level.TextAt("algorithm") is not { } algorithm || algorithm != above.TextAt("algorithm"))
        {
            return false;
        }

        return algorithm switch
        {
            "token_bucket" => More([(Rate(mine), Rate(theirs)), (mine.NumberAt("burst"), theirs.NumberAt("burst"))]),
            "cost_based" => SameText(mine, theirs, "period") && SameText(mine, theirs, "window") && More([(mine.NumberAt("budget"), theirs.NumberAt("budget"))]),
            "sliding_window" => SameText(mine, theirs, "window") && More([(mine.NumberAt("limit"), theirs.NumberAt("limit"))]),
            _ => false,
        };
    }

    private static bool More(ReadOnlySpan<(double? Mine, double? Theirs)> numbers)
    {
        var more = false;
        foreach (var (mine, theirs) in numbers)
        {
            if (!(mine >= theirs))
            {
                return false;
            }

            more |= mine > theirs;
        }

        return more;
    }

    private static double? Rate(Node config) => config.NumberAt("tokens_per_second", "rps");

    private static bool SameText(Node a, Node b, string field) => a.TextAt(field) == b.TextAt(field);
}
