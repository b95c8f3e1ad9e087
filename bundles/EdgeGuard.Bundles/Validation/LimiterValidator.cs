using System.Globalization;
using EdgeGuard.Bundles.Reading;
using EdgeGuard.Bundles.Schema;

namespace EdgeGuard.Bundles.Validation;

/// <summary>The numbers of a limiter against each other, by algorithm.</summary>
internal static class LimiterValidator
{
    public static void Check(Node owner, string path, bool native, Findings findings)
    {
        if (owner["algorithm_config"] is not { Kind: NodeKind.Map } config)
        {
            return;
        }

        path += ".algorithm_config";
        switch (owner.TextAt("algorithm"))
        {
            case "token_bucket":
                TokenBucketValidator.Check(config, path, native, findings);
                CostValidator.Check(config, "cost_source", path, native, findings);
                break;
            case "cost_based":
                CostValidator.Check(config, "cost_key", path, native, findings);
                CheckWindow(config, path, findings);
                StagedActionValidator.Check(config, path, findings);
                break;
            case "sliding_window":
                CostValidator.Check(config, "cost_source", path, native, findings);
                break;
            case "token_bucket_llm":
                CheckLlm(config, path, findings);
                break;
            case "hierarchy":
                CheckLevels(config, path, native, findings);
                break;
            default:
                break;
        }
    }

    private static void CheckWindow(Node config, string path, Findings findings)
    {
        var custom = config.TextAt("period") == "custom";
        if (custom == (config["window"] is not null))
        {
            return;
        }

        findings.Error(
            MeaningCodes.WindowContradicts,
            (config["window"] ?? config["period"] ?? config).Location,
            path + ".window",
            custom ? "a custom period has no window" : "window is given, and the period is not custom",
            custom ? "write window: its length, such as 30m" : "write period: custom, or remove window");
    }

    private static void CheckLlm(Node config, string path, Findings findings)
    {
        CheckOrder(config, "burst_tokens", "tokens_per_minute", path, findings);
        CheckOrder(config, "max_tokens_per_request", "max_prompt_tokens", path, findings);
        CheckOrder(config, "tokens_per_day", "tokens_per_minute", path, findings);
    }

    private static void CheckOrder(Node config, string larger, string smaller, string path, Findings findings)
    {
        if (config.NumberAt(larger) is { } above && config.NumberAt(smaller) is { } below && above < below)
        {
            findings.Error(
                MeaningCodes.LlmLimitsContradict,
                config[larger]!.Location,
                $"{path}.{larger}",
                $"{larger} {NumberShape.Format(above)} is below {smaller} {NumberShape.Format(below)}",
                $"raise {larger} to at least {NumberShape.Format(below)}");
        }
    }

    private static void CheckLevels(Node config, string path, bool native, Findings findings)
    {
        var levels = config.ItemsAt("levels");
        IReadOnlyList<string> above = [];
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < levels.Count; i++)
        {
            var level = levels[i];
            var levelPath = path + ".levels[" + i.ToString(CultureInfo.InvariantCulture) + "]";
            Check(level, levelPath, native, findings);
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

            above = keys;
        }
    }
}
