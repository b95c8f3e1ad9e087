using EdgeGuard.Bundles.Reading;
using EdgeGuard.Bundles.Validation;

namespace EdgeGuard.Bundles.Lint;

/// <summary>Compares two rules of one policy.</summary>
internal static class RuleComparison
{
    private static readonly string[] CostFields = ["cost_source", "fixed_cost", "default_cost", "min_cost"];

    /// <summary>Whether one rule refuses everything that the other would: same keys, match and cost, and a rate and burst that are lower.</summary>
    public static bool IsStricter(RuleView stricter, RuleView other)
    {
        if (stricter.Node.TextAt("algorithm") != "token_bucket" || other.Node.TextAt("algorithm") != "token_bucket"
            || stricter.Config is not { } less || other.Config is not { } more)
        {
            return false;
        }

        var rates = (less.NumberAt("tokens_per_second", "rps"), more.NumberAt("tokens_per_second", "rps"));
        var bursts = (less.NumberAt("burst"), more.NumberAt("burst"));
        return rates.Item1 <= rates.Item2 && bursts.Item1 <= bursts.Item2
            && (rates.Item1 < rates.Item2 || bursts.Item1 < bursts.Item2)
            && CostFields.All(field => less[field]?.Text == more[field]?.Text)
            && SameKeys(stricter.Node, other.Node) && SameMatch(stricter.Node, other.Node)
            && stricter.Node.TextAt("on_missing") == other.Node.TextAt("on_missing")
            && !IsConditional(stricter.Node) && !IsConditional(other.Node);
    }

    // Not for everyone, with numbers that depend on the caller, or counted otherwise than the keys alone say.
    private static bool IsConditional(Node rule) =>
        rule["tiers"] is not null || rule["enforcement"] is not null || rule["shadow"] is not null || rule["ipv6_prefix"] is not null;

    private static bool SameKeys(Node a, Node b)
    {
        var left = a.ItemsAt("limit_keys").Select(key => key.Text).Order(StringComparer.Ordinal);
        return left.SequenceEqual(b.ItemsAt("limit_keys").Select(key => key.Text).Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    private static bool SameMatch(Node a, Node b)
    {
        var left = a.EntriesAt("match");
        var right = b.EntriesAt("match");
        return left.Count == right.Count && left.All(entry => right.Any(other => other.Key == entry.Key && other.Value.Text == entry.Value.Text));
    }
}
