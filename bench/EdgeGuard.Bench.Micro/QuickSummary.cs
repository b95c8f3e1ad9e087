using System.Globalization;
using EdgeGuard.Bench.Micro.Decide;

namespace EdgeGuard.Bench.Micro;

/// <summary>The engine's figures, measured in this process.</summary>
internal static class QuickSummary
{
    /// <summary>Measures them.</summary>
    /// <param name="results">Where they go.</param>
    public static void Run(Dictionary<string, double> results)
    {
        using var one = Scenario.OneRule();
        using var five = Scenario.FiveRules();
        using var many = Scenario.TenThousandPolicies();
        using var kills = Scenario.OneRuleWithKillSwitches(10_000);
        results["decide_1rule_ns"] = QuickMeasurement.NanosecondsPerDecision(one);
        results["decide_5rules_ns"] = QuickMeasurement.NanosecondsPerDecision(five);
        using var oneRecorded = Scenario.OneRuleRecorded();
        using var fiveRecorded = Scenario.FiveRulesRecorded();
        results["record_1rule_ns"] = QuickMeasurement.NanosecondsPerDecision(oneRecorded) - results["decide_1rule_ns"];
        results["record_5rules_ns"] = QuickMeasurement.NanosecondsPerDecision(fiveRecorded) - results["decide_5rules_ns"];
        results["decide_10k_policies_ns"] = QuickMeasurement.NanosecondsPerDecision(many);
        results["decide_10k_kill_switches_ns"] = QuickMeasurement.NanosecondsPerDecision(kills);
        results["bytes_per_decision"] = Math.Max(QuickMeasurement.BytesPerDecision(one), QuickMeasurement.BytesPerDecision(fiveRecorded));
        results["compile_10k_policies_ms"] = QuickMeasurement.CompileMilliseconds();
        results["read_10k_policies_ms"] = QuickMeasurement.ReadMilliseconds();
        foreach (var name in Limiters.Names)
        {
            using var limiter = Limiters.Scenario(name);
            var nanoseconds = QuickMeasurement.NanosecondsPerDecision(limiter);
            var bytes = QuickMeasurement.BytesPerDecision(limiter);
            results["bytes_per_decision"] = Math.Max(results["bytes_per_decision"], bytes);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-36} {nanoseconds,7:0} ns {bytes,4:0} bytes"));
        }
    }
}
