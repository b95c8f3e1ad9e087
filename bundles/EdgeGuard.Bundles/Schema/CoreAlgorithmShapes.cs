using static EdgeGuard.Bundles.Schema.CommonShapes;

namespace EdgeGuard.Bundles.Schema;

/// <summary>The limiter that most rules use.</summary>
internal static class CoreAlgorithmShapes
{
    public static ObjectShape TokenBucket { get; } = new(
        "token_bucket",
        "Starts full, refills continuously; a request takes its cost or is refused with `token_bucket_exceeded`.",
        FieldShape.Required("tokens_per_second", Units, "Refill rate.").Alias("rps"),
        FieldShape.Required("burst", Units, "Capacity. At least `tokens_per_second` and at least the cost of a request."),
        FieldShape.Optional("cost_source", CostSource, "`fixed`", "Where the cost of a request is read: `fixed`, `header:<name>` or `query:<name>`."),
        FieldShape.Optional("fixed_cost", Units, "1", "Cost of every request when `cost_source` is `fixed`."),
        FieldShape.Optional("default_cost", Units, "1", "Cost when the header or parameter is missing or no sane number. At least `min_cost`."),
        FieldShape.Optional(
            "min_cost",
            Units,
            "1 in a peer document",
            "Least cost a client may claim. Required in a native bundle when `cost_source` reads a header or parameter: the client chooses that value."));
}
