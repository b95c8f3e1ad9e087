using EdgeGuard.Bundles.Reading;
using EdgeGuard.Bundles.Schema;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Token buckets: capacity against rate and cost.</summary>
internal static class TokenBucketValidator
{
    // A longer refill serves nobody, and arrival times must stay exact in 64 bits.
    private const double MaxRefillSeconds = 10 * 366 * 86_400.0;

    public static void Check(Node config, string path, bool native, Findings findings)
    {
        var rate = config.NumberAt("tokens_per_second", "rps");
        if (config.NumberAt("burst") is not { } burst)
        {
            return;
        }

        var node = config["burst"]!;
        if (rate is { } tokens && burst < tokens)
        {
            findings.Error(
                MeaningCodes.BurstBelowRate,
                node.Location,
                path + ".burst",
                $"burst {Show(burst)} is below tokens_per_second {Show(tokens)}, so the rate could never be reached",
                $"raise burst to at least {Show(tokens)}, or lower tokens_per_second");
        }

        if (rate is > 0 && burst / rate.Value > MaxRefillSeconds)
        {
            findings.Error(
                MeaningCodes.RefillTooSlow,
                node.Location,
                path + ".burst",
                $"an empty bucket of {Show(burst)} would take {burst / rate.Value / 86_400:0} days to fill, more than 10 years",
                "lower burst, or raise tokens_per_second");
        }

        var (field, cost) = CostValidator.Least(config, "cost_source");
        if (cost is { } units && burst < units)
        {
            var message = $"burst {Show(burst)} is below {field} {Show(units)}, so such a request could never pass";
            var fix = $"raise burst to at least {Show(units)}, or lower {field}";
            if (native)
            {
                findings.Error(MeaningCodes.BurstBelowCost, node.Location, path + ".burst", message, fix);
            }
            else
            {
                findings.Warning(MeaningCodes.BurstBelowCost, node.Location, path + ".burst", message, fix);
            }
        }
    }

    private static string Show(double value) => NumberShape.Format(value);
}
