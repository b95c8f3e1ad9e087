using System.Globalization;
using EdgeGuard.Bundles.Reading;
using EdgeGuard.Bundles.Schema;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Staged actions of a budget: rising thresholds, a delay where one is needed, and an end at 100 percent.</summary>
internal static class StagedActionValidator
{
    public static void Check(Node config, string path, Findings findings)
    {
        var actions = config.ItemsAt("staged_actions");
        var thresholds = new HashSet<double>();
        var rejectsAtFull = false;
        for (var i = 0; i < actions.Count; i++)
        {
            var action = actions[i];
            var actionPath = path + ".staged_actions[" + i.ToString(CultureInfo.InvariantCulture) + "]";
            var word = action.TextAt("action");
            var threshold = action.NumberAt("threshold_percent");
            rejectsAtFull |= word == "reject" && threshold == 100;
            if (threshold is { } percent && !thresholds.Add(percent))
            {
                Report(findings, action, actionPath + ".threshold_percent", $"two actions begin at {NumberShape.Format(percent)} percent", "give each its own threshold");
            }

            if (word == "throttle" && action["delay_ms"] is null)
            {
                Report(findings, action, actionPath + ".delay_ms", "throttle has no delay_ms", "write delay_ms: the delay in milliseconds");
            }
            else if (word is "warn" or "reject" && action["delay_ms"] is not null)
            {
                Report(findings, action, actionPath + ".delay_ms", $"{word} does not delay", "remove delay_ms, or write action: throttle");
            }
        }

        if (actions.Count > 0 && !rejectsAtFull)
        {
            Report(
                findings,
                config["staged_actions"]!,
                path + ".staged_actions",
                "nothing rejects when the budget is used up",
                "add {threshold_percent: 100, action: reject}");
        }
    }

    private static void Report(Findings findings, Node node, string path, string message, string fix) =>
        findings.Error(MeaningCodes.StagedActions, node.Location, path, message, fix);
}
