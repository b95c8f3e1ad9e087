using System.Globalization;
using EdgeGuard.Bundles.Reading;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Levels of a hierarchy: each inside the one above, each with a name, and something above to borrow from.</summary>
internal static class HierarchyValidator
{
    /// <summary>The keys of a hierarchy are those of its levels, so its rule has none.</summary>
    public static void CheckRule(RuleView rule, Findings findings)
    {
        if (rule.Node.TextAt("algorithm") != "hierarchy")
        {
            return;
        }

        if (rule.Node.ItemsAt("limit_keys").Count > 0)
        {
            findings.Error(
                MeaningCodes.HierarchyLevels,
                rule.Node["limit_keys"]!.Location,
                rule.Path + ".limit_keys",
                "a hierarchy is counted by the keys of its levels, and the rule names keys of its own",
                "write limit_keys: [], and the keys into the levels");
        }

        if (rule.Node["tiers"] is { } tiers)
        {
            findings.Error(
                MeaningCodes.TierPlanField,
                tiers.Location,
                rule.Path + ".tiers",
                "a hierarchy has no number of its own that a plan could replace",
                "write a rule for each plan, with match");
        }
    }

    public static void Check(Node config, string path, bool native, Findings findings)
    {
        var levels = config.ItemsAt("levels");
        IReadOnlyList<string> above = [];
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < levels.Count; i++)
        {
            var level = levels[i];
            var levelPath = path + ".levels[" + i.ToString(CultureInfo.InvariantCulture) + "]";
            LimiterValidator.Check(level, levelPath, native, findings);
            List<string> keys = [.. level.ItemsAt("limit_keys").Select(key => key.Text)];
            if (above.Except(keys, StringComparer.Ordinal).FirstOrDefault() is { } lost)
            {
                findings.Error(
                    MeaningCodes.HierarchyLevels,
                    level.Location,
                    levelPath + ".limit_keys",
                    $"the level above counts by {Quote.Text(lost)} and this one does not, so it is not inside it",
                    "name every key of the level above, and then what makes this level narrower");
            }

            if (level.TextAt("name") is { } name && !names.Add(name))
            {
                findings.Error(
                    MeaningCodes.HierarchyLevels, level.Location, levelPath + ".name", $"{Quote.Text(name)} names two levels", "give each level its own name");
            }

            if (i == 0 && level["borrow"] is { } borrow)
            {
                findings.Error(
                    MeaningCodes.HierarchyLevels,
                    borrow.Location,
                    levelPath + ".borrow",
                    "the first level has no level above to borrow from",
                    "remove borrow, or put it into a level below");
            }

            above = keys;
        }
    }
}
