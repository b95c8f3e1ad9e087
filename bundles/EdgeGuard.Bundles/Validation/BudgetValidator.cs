using EdgeGuard.Bundles.Reading;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Budgets: a window that is said once, a time zone that exists, and room for at least one request.</summary>
internal static class BudgetValidator
{
    public static void Check(Node config, string path, bool native, Findings findings)
    {
        CheckWindow(config, path, findings);
        TimeZoneValidator.Check(config, path, findings);
        if (config.NumberAt("budget") is { } budget && EffectiveQuota(config, budget) is { } quota)
        {
            CostValidator.CheckFits(config, "cost_key", "budget", quota, path, native, findings);
        }
    }

    // What may be used before a request is refused: the share at which the lowest reject begins.
    private static double? EffectiveQuota(Node config, double budget)
    {
        double? lowest = null;
        foreach (var action in config.ItemsAt("staged_actions"))
        {
            if (action.TextAt("action") == "reject" && action.NumberAt("threshold_percent") is { } percent && !(lowest <= percent))
            {
                lowest = percent;
            }
        }

        return lowest is { } share ? budget * Math.Min(share, 100) / 100 : null;
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
}
