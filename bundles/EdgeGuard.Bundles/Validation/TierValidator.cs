using System.Globalization;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Tiers: every plan that is named exists.</summary>
internal static class TierValidator
{
    public static void Check(RuleView rule, Findings findings)
    {
        if (rule.Node["tiers"] is not { } tiers)
        {
            return;
        }

        var plans = tiers.EntriesAt("plans").Select(entry => entry.Key).ToHashSet(StringComparer.Ordinal);
        if (tiers.TextAt("default") is { } byDefault && !plans.Contains(byDefault))
        {
            Report(findings, tiers["default"]!, rule.Path + ".tiers.default", byDefault, plans);
        }

        var grants = tiers.ItemsAt("grants");
        for (var i = 0; i < grants.Count; i++)
        {
            if (grants[i].TextAt("tier") is { } tier && !plans.Contains(tier))
            {
                var place = i.ToString(CultureInfo.InvariantCulture);
                Report(findings, grants[i]["tier"]!, $"{rule.Path}.tiers.grants[{place}].tier", tier, plans);
            }
        }
    }

    private static void Report(Findings findings, Reading.Node node, string path, string name, HashSet<string> plans) => findings.Error(
        MeaningCodes.UnknownTier,
        node.Location,
        path,
        $"{Quote.Text(name)} is not one of plans",
        NearestName.Of(name, plans) is { } nearest ? $"did you mean {nearest}?" : "add it to plans, or name one that is there");
}
