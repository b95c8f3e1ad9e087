using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Reading;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Fleet-wide budgets: only of what can be handed out in parts, each under a name of its own, in numbers that both sides count exactly.</summary>
internal static class FleetScopeValidator
{
    public static void Check(DocumentView document, Findings findings)
    {
        var names = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var policy in document.Policies)
        {
            foreach (var rule in policy.AllRules)
            {
                if (rule.Node.TextAt("scope") == "fleet")
                {
                    CheckAlgorithm(rule, findings);
                    CheckNumbers(rule, findings);
                    CheckName(rule, policy.Id, names, findings);
                }
                else if (rule.Node["lease"] is { } lease)
                {
                    findings.Error(
                        MeaningCodes.FleetScopeMisplaced, lease.Location, rule.Path + ".lease", "lease is given, and the limit is counted by each edge for itself", "write scope: fleet, or remove lease");
                }
            }
        }

        if (names.Count > LeaseDefinition.MaxBudgets)
        {
            findings.Error(
                MeaningCodes.FleetBudgetTooLarge,
                document.Root.Location,
                "policies",
                $"{names.Count} rules have scope: fleet, and an edge can hold leases of {LeaseDefinition.MaxBudgets}",
                "count by limit_keys in one rule what differs only by a value");
        }
    }

    private static void CheckAlgorithm(RuleView rule, Findings findings)
    {
        if (rule.Node.TextAt("algorithm") is { } algorithm && algorithm != "cost_based")
        {
            findings.Error(
                MeaningCodes.FleetScopeMisplaced,
                rule.Node["scope"]!.Location,
                rule.Path + ".scope",
                $"{Quote.Text(algorithm)} cannot be shared by a fleet: only a budget of a window can be handed out in parts",
                "use algorithm: cost_based for what is fleet-wide, and remove scope here");
        }
    }

    private static void CheckNumbers(RuleView rule, Findings findings)
    {
        CheckNumber(rule.Config?["budget"], rule.Path + ".algorithm_config.budget", findings);
        foreach (var plan in rule.Node["tiers"]?.EntriesAt("plans") ?? [])
        {
            CheckNumber(plan.Value["budget"], $"{rule.Path}.tiers.plans.{plan.Key}.budget", findings);
        }
    }

    private static void CheckNumber(Node? number, string path, Findings findings)
    {
        if (number is { Kind: NodeKind.Number or NodeKind.Integer } && number.Number >= LeaseDefinition.BudgetEnd)
        {
            findings.Error(
                MeaningCodes.FleetBudgetTooLarge,
                number.Location,
                path,
                $"a fleet-wide budget of {Quote.Value(number)} cannot be handed out exactly: it has to stay below {LeaseDefinition.BudgetEnd:0}",
                "count in a larger unit");
        }
    }

    // Both may have a slash in them, and the control plane knows a budget by the two together.
    private static void CheckName(RuleView rule, string? policy, Dictionary<string, string?> names, Findings findings)
    {
        var name = $"{policy}/{rule.Name}";
        if (!names.TryAdd(name, rule.Name) && names[name] != rule.Name)
        {
            findings.Error(
                MeaningCodes.FleetScopeMisplaced,
                rule.Node.Location,
                rule.Path + ".name",
                $"policy and rule make {Quote.Text(name)}, which is the name of another fleet-wide budget too",
                "name one of the two otherwise");
        }
    }
}
