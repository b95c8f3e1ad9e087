using EdgeGuard.Bundles.Reading;
using EdgeGuard.Bundles.Schema;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Token limits of an LLM route against each other.</summary>
internal static class LlmValidator
{
    public static void Check(Node config, string path, bool native, Findings findings)
    {
        CheckOrder(config, "burst_tokens", "tokens_per_minute", path, isError: true, findings);

        // The peer loads these two, so in its dialect they are only worth a warning.
        CheckOrder(config, "max_tokens_per_request", "max_prompt_tokens", path, native, findings);
        CheckOrder(config, "tokens_per_day", "tokens_per_minute", path, native, findings);
    }

    private static void CheckOrder(Node config, string larger, string smaller, string path, bool isError, Findings findings)
    {
        if (config.NumberAt(larger) is not { } above || config.NumberAt(smaller) is not { } below || above >= below)
        {
            return;
        }

        var message = $"{larger} {NumberShape.Format(above)} is below {smaller} {NumberShape.Format(below)}";
        var fix = $"raise {larger} to at least {NumberShape.Format(below)}";
        if (isError)
        {
            findings.Error(MeaningCodes.LlmLimitsContradict, config[larger]!.Location, $"{path}.{larger}", message, fix);
        }
        else
        {
            findings.Warning(MeaningCodes.LlmLimitsContradict, config[larger]!.Location, $"{path}.{larger}", message, fix);
        }
    }
}
