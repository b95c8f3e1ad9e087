using EdgeGuard.Bundles.Reading;
using EdgeGuard.Bundles.Schema;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Costs that a client can choose.</summary>
internal static class CostValidator
{
    public static void Check(Node config, string sourceField, string path, bool native, Findings findings)
    {
        if (config.TextAt(sourceField) is null or "fixed" or CommonShapes.LlmCost)
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

    /// <summary>Reports a request that costs more than there ever is, so that it could never pass. The peer loads that.</summary>
    /// <param name="config">The limiter.</param>
    /// <param name="sourceField">Its field that says where the cost is read.</param>
    /// <param name="quotaField">Its field that says how much there is.</param>
    /// <param name="quota">How much there is.</param>
    /// <param name="path">Path of the limiter.</param>
    /// <param name="native">Whether the document is native.</param>
    /// <param name="findings">Where to report.</param>
    public static void CheckFits(Node config, string sourceField, string quotaField, double quota, string path, bool native, Findings findings)
    {
        var (field, cost) = Least(config, sourceField);
        if (!(cost > quota))
        {
            return;
        }

        var location = config[quotaField]!.Location;
        var message = $"{quotaField} leaves {NumberShape.Format(quota)} and {field} is {NumberShape.Format(cost.Value)}, so such a request could never pass";
        var fix = $"raise {quotaField}, or lower {field}";
        if (native)
        {
            findings.Error(MeaningCodes.CostAboveLimit, location, $"{path}.{quotaField}", message, fix);
        }
        else
        {
            findings.Warning(MeaningCodes.CostAboveLimit, location, $"{path}.{quotaField}", message, fix);
        }
    }

    /// <summary>What a request costs that says nothing, and the field that says so.</summary>
    public static (string Field, double? Cost) Least(Node config, string sourceField)
    {
        if (config.TextAt(sourceField) == CommonShapes.LlmCost)
        {
            return (sourceField, null);
        }

        if (config.TextAt(sourceField) is null or "fixed")
        {
            return ("fixed_cost", config.NumberAt("fixed_cost") ?? 1);
        }

        var min = config.NumberAt("min_cost");
        var byDefault = config.NumberAt("default_cost") ?? 1;
        return min > byDefault ? ("min_cost", min) : ("default_cost", byDefault);
    }
}
