using System.Collections.Immutable;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Reading;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Makes the plans of a rule: each holds the rule's limiter with the plan's numbers put in.</summary>
internal static class TierBinder
{
    public static TiersDefinition? Bind(Node rule, string ipv6Prefix)
    {
        if (rule["tiers"] is not { } node)
        {
            return null;
        }

        var plans = ImmutableArray.CreateBuilder<TierPlan>(node.EntriesAt("plans").Count);
        foreach (var plan in node.EntriesAt("plans"))
        {
            plans.Add(new TierPlan(plan.Key, LimiterBinder.Bind(rule.TextAt("algorithm")!, Merge(rule["algorithm_config"]!, plan.Value), ipv6Prefix)));
        }

        var by = KeyBinder.BindTrusted(node.TextAt("by")!);
        return new TiersDefinition
        {
            By = by,
            Default = node.TextAt("default")!,
            Plans = plans.MoveToImmutable(),
            For = node.TextAt("for") is { } whom ? KeyBinder.BindTrusted(whom) : by,
            Grants = DocumentBinder.Each(node["grants"], BindGrant),
        };
    }

    /// <summary>The numbers of a rule with those of a plan in their place. A number has one spelling in the result.</summary>
    public static Node Merge(Node config, Node plan)
    {
        var merged = new List<NodeEntry>(config.Entries.Count + plan.Entries.Count);
        foreach (var entry in config.Entries)
        {
            if (plan[entry.Key] is null && plan[OtherSpelling(entry.Key)] is null)
            {
                merged.Add(entry);
            }
        }

        merged.AddRange(plan.Entries);
        return Node.OfMap(merged, config.Location);
    }

    // The one number that has two names.
    private static string OtherSpelling(string field) => field switch
    {
        "rps" => "tokens_per_second",
        "tokens_per_second" => "rps",
        _ => field,
    };

    private static TierGrant BindGrant(Node node) =>
        new(node.TextAt("value")!, node.TextAt("tier")!, node.TimeAt("expires_at")!.Value, node.TextAt("reason")!);
}
