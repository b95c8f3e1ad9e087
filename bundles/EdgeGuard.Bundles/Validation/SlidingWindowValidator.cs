using System.Globalization;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Reading;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Sliding windows: sub-windows long enough to matter, and room for at least one request.</summary>
internal static class SlidingWindowValidator
{
    // Shorter parts are below the accuracy that a client can notice and only cost counters.
    private static readonly TimeSpan ShortestPart = TimeSpan.FromMilliseconds(100);

    private static readonly int DefaultPrecision = new SlidingWindowDefinition { Limit = 1, Window = TimeSpan.FromSeconds(1) }.Precision;

    public static void Check(Node config, string path, bool native, Findings findings)
    {
        if (config.NumberAt("limit") is { } limit)
        {
            CostValidator.CheckFits(config, "cost_source", "limit", limit, path, native, findings);
        }

        var parts = config.NumberAt("precision") ?? DefaultPrecision;
        if (config.DurationAt("window") is { } window && parts >= 1 && window / parts < ShortestPart)
        {
            var most = (int)(window / ShortestPart);
            findings.Error(
                MeaningCodes.PrecisionTooFine,
                (config["precision"] ?? config["window"]!).Location,
                path + ".precision",
                string.Create(CultureInfo.InvariantCulture, $"{parts} parts of {config.TextAt("window")} are shorter than 100 ms each"),
                most >= 2 ? string.Create(CultureInfo.InvariantCulture, $"write precision: {most} or less, or a longer window") : "write a longer window");
        }
    }
}
