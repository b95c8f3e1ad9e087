using System.Globalization;
using EdgeGuard.Bundles.Reading;
using EdgeGuard.Bundles.Schema;
using EdgeGuard.Bundles.Validation;

namespace EdgeGuard.Bundles.Lint;

/// <summary>Advice about the limiters of a rule, and about what it carries beside them.</summary>
internal sealed class LimiterLint(Findings findings)
{
    public void Check(RuleView rule)
    {
        CheckLimiter(rule.Node, rule.Path);
        if (rule.Node["shadow"] is { } shadow)
        {
            CheckLimiter(shadow, rule.Path + ".shadow");
        }

        var levels = rule.Node.TextAt("algorithm") == "hierarchy" ? rule.Config?.ItemsAt("levels") ?? [] : [];
        for (var i = 0; i < levels.Count; i++)
        {
            var path = rule.Path + ".algorithm_config.levels[" + i.ToString(CultureInfo.InvariantCulture) + "]";
            CheckLimiter(levels[i], path);
            if (i > 0 && LevelComparison.IsLooser(levels[i], levels[i - 1]))
            {
                findings.Warning(
                    LintCodes.LevelNeverDecides,
                    levels[i].Location,
                    path + ".algorithm_config",
                    "the level has more quota than the level above, which refuses first",
                    "lower its numbers, or raise those of the level above");
            }
        }

        CheckEnforcement(rule);
        CheckPrefix(rule, levels);
    }

    private void CheckLimiter(Node owner, string path)
    {
        if (owner["algorithm_config"] is not { Kind: NodeKind.Map } config)
        {
            return;
        }

        path += ".algorithm_config";
        switch (owner.TextAt("algorithm"))
        {
            case "token_bucket" or "sliding_window":
                CheckCostFields(config, "cost_source", path);
                break;
            case "cost_based":
                CheckCostFields(config, "cost_key", path);
                CheckCalendar(config, path);
                CheckThrottles(config, path);
                break;
            case "token_bucket_llm":
                CheckDefaultCompletion(config, path);
                break;
            case "concurrency" when config["max_hold"] is null:
                findings.Hint(
                    LintCodes.DependsOnDoor,
                    config.Location,
                    path + ".max_hold",
                    "at a decision door, which does not see the end of a request, a slot is given back only after 10 minutes",
                    "write max_hold: a little more than the longest request takes");
                break;
            default:
                break;
        }
    }

    private void CheckCostFields(Node config, string source, string path)
    {
        var isFixed = config.TextAt(source) is null or "fixed";
        foreach (var field in isFixed ? (string[])["default_cost", "min_cost"] : ["fixed_cost"])
        {
            WithoutEffect(config, field, path, isFixed ? "while every request has a fixed cost" : "while the cost is read from the request");
        }
    }

    private void CheckCalendar(Node config, string path)
    {
        var period = config.TextAt("period");
        if (period is "5m" or "1h" or "custom")
        {
            WithoutEffect(config, "time_zone", path, $"with period {period}, which is aligned to UTC");
        }

        if (period is not (null or "7d"))
        {
            WithoutEffect(config, "week_start", path, $"with period {period}");
        }
    }

    private void CheckThrottles(Node config, string path)
    {
        var actions = config.ItemsAt("staged_actions");
        for (var i = 0; i < actions.Count; i++)
        {
            if (actions[i].TextAt("action") == "throttle")
            {
                findings.Hint(
                    LintCodes.DependsOnDoor,
                    actions[i].Location,
                    $"{path}.staged_actions[{i.ToString(CultureInfo.InvariantCulture)}]",
                    "the proxy delays the request itself; a decision door only tells the gateway in X-EdgeGuard-Delay-Ms",
                    "behind a gateway, let it wait that long, or use warn and reject");
                return;
            }
        }
    }

    // Most clients name no bound for the completion, so this is what most requests reserve.
    private void CheckDefaultCompletion(Node config, string path)
    {
        var completion = Math.Min(config.NumberAt("default_max_completion") ?? 1000, config.NumberAt("max_completion_tokens") ?? double.MaxValue);
        foreach (var field in (string[])["max_tokens_per_request", "burst_tokens", "tokens_per_day", "tokens_per_minute"])
        {
            var most = field == "tokens_per_minute" && config["burst_tokens"] is not null ? null : config.NumberAt(field);
            if (most <= completion)
            {
                findings.Warning(
                    LintCodes.RefusedByDefault,
                    config[field]!.Location,
                    $"{path}.{field}",
                    $"a request that names no bound reserves {NumberShape.Format(completion)} tokens for its completion, and {field} is {NumberShape.Format(most.Value)}: none ever passes",
                    "lower default_max_completion, or raise " + field);
                return;
            }
        }
    }

    private void CheckEnforcement(RuleView rule)
    {
        if (rule.Node["enforcement"] is not { Kind: NodeKind.Map } share)
        {
            return;
        }

        var path = rule.Path + ".enforcement";
        if (share.NumberAt("percent") is 0)
        {
            findings.Warning(
                LintCodes.NothingEnforced, share["percent"]!.Location, path + ".percent", "the rule is enforced for nobody", "write a percentage above 0, or mode: shadow");
        }
        else if (share.NumberAt("percent") is 100)
        {
            findings.Hint(LintCodes.FieldWithoutEffect, share.Location, path, "enforcement has no effect: 100 percent is everyone", "remove enforcement");
        }

        if (share.TextAt("by") is { } by && DescriptorCatalog.TryParse(by, out var key) && ClientChoice.IsFree(key, rule.Policy.Selector))
        {
            findings.Warning(
                LintCodes.EvadableShare,
                share["by"]!.Location,
                path + ".by",
                "the client chooses the value that the share is taken of, so it can choose one that is not enforced",
                "use a verified claim or ip:address, or accept it for the time of a roll-out");
        }
    }

    private void CheckPrefix(RuleView rule, IReadOnlyList<Node> levels)
    {
        if (rule.Node["ipv6_prefix"] is { } prefix
            && !rule.Node.ItemsAt("limit_keys").Concat(levels.SelectMany(level => level.ItemsAt("limit_keys"))).Any(key => key.Text == "ip:address"))
        {
            findings.Hint(
                LintCodes.FieldWithoutEffect,
                prefix.Location,
                rule.Path + ".ipv6_prefix",
                "ipv6_prefix has no effect: nothing is counted by ip:address",
                "remove ipv6_prefix, or count by ip:address");
        }
    }

    private void WithoutEffect(Node config, string field, string path, string why)
    {
        if (config[field] is { } node)
        {
            findings.Hint(LintCodes.FieldWithoutEffect, node.Location, $"{path}.{field}", $"{field} has no effect {why}", $"remove {field}");
        }
    }
}
