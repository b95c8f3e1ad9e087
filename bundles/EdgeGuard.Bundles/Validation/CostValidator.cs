using EdgeGuard.Bundles.Reading;
using EdgeGuard.Bundles.Schema;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Costs that a client can choose.</summary>
internal static class CostValidator
{
    public static void Check(Node config, string sourceField, string path, bool native, Findings findings)
    {
        if (config.TextAt(sourceField) is null or "fixed")
        {
            return;
        }

        var source = config[sourceField]!;
        var min = config.NumberAt("min_cost");
        if (min is null && config["min_cost"] is null)
        {
            if (native)
            {
                findings.Error(
                    MeaningCodes.MinCostRequired,
                    source.Location,
                    path + ".min_cost",
                    $"the cost is read from {Quote.Text(source.Text)}, which the client chooses, and min_cost is missing",
                    "write min_cost: the least that a request may claim to cost");
            }
            else
            {
                findings.Warning(
                    MeaningCodes.MinCostRequired,
                    source.Location,
                    path + ".min_cost",
                    $"the cost is read from {Quote.Text(source.Text)}, which the client chooses; without min_cost no request costs less than 1",
                    "write min_cost: the least that a request may claim to cost");
            }
        }

        var byDefault = config.NumberAt("default_cost") ?? 1;
        if (min > byDefault)
        {
            findings.Error(
                MeaningCodes.CostFieldsContradict,
                (config["default_cost"] ?? config["min_cost"]!).Location,
                path + ".default_cost",
                $"default_cost {NumberShape.Format(byDefault)} is below min_cost {NumberShape.Format(min.Value)}",
                "raise default_cost to at least min_cost");
        }
    }
}
