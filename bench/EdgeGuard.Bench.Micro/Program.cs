using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using EdgeGuard.Bench.Micro;
using EdgeGuard.Bench.Micro.Decide;
using EdgeGuard.Bench.Micro.Facts;
using EdgeGuard.Bench.Micro.Guards;

// Without arguments: BenchmarkDotNet over everything, then the summary. --quick: the summary alone, measured in this process.
Dictionary<string, double> results = [];
if (args is ["--quick"])
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
    var config = DefaultConfig.Instance.AddColumn(StatisticColumn.Median);
    var decide = BenchmarkRunner.Run<DecideBenchmarks>(config);
    var kills = BenchmarkRunner.Run<KillSwitchBenchmarks>(config);
    var compile = BenchmarkRunner.Run<CompileBenchmarks>(config);
    var read = BenchmarkRunner.Run<ReadBenchmarks>(config);
    var limiters = BenchmarkRunner.Run<LimiterBenchmarks>(config);
    BenchmarkRunner.Run<PolicyCountBenchmarks>(config);
    BenchmarkRunner.Run<AddressListBenchmarks>(config);
    BenchmarkRunner.Run<UserAgentBenchmarks>(config);
    BenchmarkRunner.Run<GuardBenchmarks>(config);
    results["decide_1rule_ns"] = Median(decide, nameof(DecideBenchmarks.OneRule));
    results["decide_5rules_ns"] = Median(decide, nameof(DecideBenchmarks.FiveRulesOfTwoDescriptors));
    results["record_1rule_ns"] = Median(decide, nameof(DecideBenchmarks.OneRuleRecorded)) - results["decide_1rule_ns"];
    results["decide_10k_policies_ns"] = Median(decide, nameof(DecideBenchmarks.OneOfTenThousandPolicies));
    results["decide_10k_kill_switches_ns"] = kills.Reports.Max(r => r.ResultStatistics!.Median);
    results["bytes_per_decision"] = decide.Reports.Concat(limiters.Reports).Max(r => (double)(r.GcStats.GetBytesAllocatedPerOperation(r.BenchmarkCase) ?? 0));
    results["compile_10k_policies_ms"] = Median(compile, nameof(CompileBenchmarks.TenThousandPolicies)) / 1e6;
    results["read_10k_policies_ms"] = Median(read, nameof(ReadBenchmarks.TenThousandPolicies)) / 1e6;
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

var fields = results.Select(r => string.Create(CultureInfo.InvariantCulture, $"\"{r.Key}\": {Math.Round(r.Value, 2)}"));
Console.WriteLine("{" + string.Join(", ", fields) + "}");
return 0;

static double Median(Summary summary, string method) =>
    summary.Reports.First(r => r.BenchmarkCase.Descriptor.WorkloadMethod.Name == method).ResultStatistics!.Median;
