using System.Globalization;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Reading;
using EdgeGuard.Bundles.Schema;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Tiers: every plan that is named exists, replaces numbers only, and gives a limiter that is valid as a whole.</summary>
internal static class TierValidator
{
    // A number that says what is counted: two plans that count differently would share no counter.
    private static readonly string[] SaysWhatIsCounted = ["precision"];

    public static void Check(RuleView rule, bool native, Findings findings)
    {
        if (rule.Node["tiers"] is not { Kind: NodeKind.Map } tiers)
        {
            return;
        }

        var path = rule.Path + ".tiers";
        CheckNames(tiers, path, findings);
        if (rule.Config is not { Kind: NodeKind.Map } config
            || RuleShapes.AlgorithmConfig.For(rule.Node.TextAt("algorithm")) is not { Name: not "hierarchy" } shape)
        {
            return;
        }

        var ruleIsSound = IsSound(rule, config, native);
        foreach (var plan in tiers.EntriesAt("plans"))
        {
            var planPath = NodePath.Join(path + ".plans", plan.Key);
            if (CheckFields(plan.Value, shape, planPath, findings) && ruleIsSound)
            {
                CheckResult(rule, TierBinder.Merge(config, plan.Value), planPath, native, findings);
            }
        }
    }

    private static void CheckNames(Node tiers, string path, Findings findings)
    {
        var plans = tiers.EntriesAt("plans").Select(entry => entry.Key).ToHashSet(StringComparer.Ordinal);
        if (tiers.TextAt("default") is { } byDefault && !plans.Contains(byDefault))
        {
            Unknown(findings, tiers["default"]!, path + ".default", byDefault, plans);
        }

        var grants = tiers.ItemsAt("grants");
        for (var i = 0; i < grants.Count; i++)
        {
            var grantPath = path + ".grants[" + i.ToString(CultureInfo.InvariantCulture) + "]";
            if (grants[i].TextAt("tier") is { } tier && !plans.Contains(tier))
            {
                Unknown(findings, grants[i]["tier"]!, grantPath + ".tier", tier, plans);
            }
        }
    }

    private static bool IsSound(RuleView rule, Node config, bool native)
    {
        var scratch = new Findings();
        LimiterValidator.Check(rule.Node.TextAt("algorithm"), config, string.Empty, native, scratch);
        return !scratch.HasErrors;
    }

    private static bool CheckFields(Node plan, ObjectShape shape, string path, Findings findings)
    {
        var sound = plan.Kind == NodeKind.Map;
        foreach (var entry in plan.Entries)
        {
            var field = shape.Find(entry.Key);
            if (field?.Shape is NumberShape number && !SaysWhatIsCounted.Contains(entry.Key, StringComparer.Ordinal))
            {
                sound &= NumberCheck.Check(entry.Value, number, () => $"{path}.{entry.Key}", findings);
                continue;
            }

            sound = false;
            var nearest = field is null && !findings.IsFull ? NearestName.Of(entry.Key, Numbers(shape)) : null;
            findings.Error(
                MeaningCodes.TierPlanField,
                entry.KeyLocation,
                $"{path}.{entry.Key}",
                field is null
                    ? $"{Quote.Text(entry.Key)} is no number of {shape.Name}"
                    : $"{entry.Key} is the same for every plan: it is no number, or says what is counted",
                nearest is not null ? $"did you mean {nearest}?" : $"write one of {string.Join(", ", Numbers(shape))}");
        }

        return sound;
    }

    // What is wrong with the numbers together, told where the plan stands. Advice is given for the rule itself and not again.
    private static void CheckResult(RuleView rule, Node merged, string path, bool native, Findings findings)
    {
        var scratch = new Findings();
        LimiterValidator.Check(rule.Node.TextAt("algorithm"), merged, path, native, scratch);
        foreach (var finding in scratch.InDocumentOrder())
        {
            if (finding.Severity == Severity.Error)
            {
                findings.Add(finding);
            }
        }
    }

    private static IEnumerable<string> Numbers(ObjectShape shape) =>
        shape.Fields.Where(field => field.Shape is NumberShape && !SaysWhatIsCounted.Contains(field.Name, StringComparer.Ordinal)).Select(field => field.Name);

    private static void Unknown(Findings findings, Node node, string path, string name, HashSet<string> plans) => findings.Error(
        MeaningCodes.UnknownTier,
        node.Location,
        path,
        $"{Quote.Text(name)} is not one of plans",
        NearestName.Of(name, plans) is { } nearest ? $"did you mean {nearest}?" : "add it to plans, or name one that is there");
}
