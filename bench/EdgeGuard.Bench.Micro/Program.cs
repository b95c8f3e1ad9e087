using System.Globalization;
using EdgeGuard.Bench.Micro;
using EdgeGuard.Bench.Micro.Decide;

// BUDGETS [--quick | --short] [--check]. Without an option: BenchmarkDotNet over everything, then the summary. --short: the same with few
// iterations. --quick: the summary alone, measured in this process. --check: failure when a budget is not kept.
Dictionary<string, double> results = [];
if (args.Contains("--quick"))
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
else
{
    FullMeasurement.Run(isShort: args.Contains("--short"), results);
}

// Threads and many keys in both modes: a harness of one thread cannot measure the first, and the second is seconds of filling.
foreach (var keys in new[] { 10, 100_000, 10_000_000 })
{
    using var live = new LiveKeys(keys);
    live.Measure(1, TimeSpan.FromSeconds(1));
    var (one, _) = live.Measure(1, TimeSpan.FromSeconds(2));
    var (_, alone) = live.Measure(1, TimeSpan.FromSeconds(2));
    var (_, together) = live.Measure(2, TimeSpan.FromSeconds(2));
    results[string.Create(CultureInfo.InvariantCulture, $"decide_{keys}_live_keys_ns")] = one;
    results[string.Create(CultureInfo.InvariantCulture, $"two_threads_{keys}_keys_ratio")] = together / alone;
}

var isKept = Budgets.Report(args[0], results, Console.Out);
var fields = results.Select(r => string.Create(CultureInfo.InvariantCulture, $"\"{r.Key}\": {Math.Round(r.Value, 2)}"));
Console.WriteLine("{" + string.Join(", ", fields) + "}");
return isKept || !args.Contains("--check") ? 0 : 1;
