using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using EdgeGuard.Bench.Micro.Decide;
using EdgeGuard.Bench.Micro.Facts;
using EdgeGuard.Bench.Micro.Guards;
using EdgeGuard.Bench.Micro.Identity;

namespace EdgeGuard.Bench.Micro;

/// <summary>All benchmarks by BenchmarkDotNet, and the main figures of them.</summary>
internal static class FullMeasurement
{
    /// <summary>Runs them.</summary>
    /// <param name="isShort">Three iterations of each, in this process.</param>
    /// <param name="results">Where the main figures go.</param>
    public static void Run(bool isShort, Dictionary<string, double> results)
    {
        IConfig config = DefaultConfig.Instance.AddColumn(StatisticColumn.Median);
        if (isShort)
        {
            // In this process, so that nothing is built for each benchmark: that alone takes longer than measuring.
            config = config.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
        }

        var decide = BenchmarkRunner.Run<DecideBenchmarks>(config);
        var kills = BenchmarkRunner.Run<KillSwitchBenchmarks>(config);
        var compile = BenchmarkRunner.Run<CompileBenchmarks>(config);
        var read = BenchmarkRunner.Run<ReadBenchmarks>(config);
        var limiters = BenchmarkRunner.Run<LimiterBenchmarks>(config);
        BenchmarkRunner.Run<PolicyCountBenchmarks>(config);
        BenchmarkRunner.Run<AddressListBenchmarks>(config);
        BenchmarkRunner.Run<UserAgentBenchmarks>(config);
        BenchmarkRunner.Run<GuardBenchmarks>(config);
        BenchmarkRunner.Run<IdentityBenchmarks>(config);
        results["decide_1rule_ns"] = Median(decide, nameof(DecideBenchmarks.OneRule));
        results["decide_5rules_ns"] = Median(decide, nameof(DecideBenchmarks.FiveRulesOfTwoDescriptors));
        results["record_1rule_ns"] = Median(decide, nameof(DecideBenchmarks.OneRuleRecorded)) - results["decide_1rule_ns"];
        results["record_5rules_ns"] = Median(decide, nameof(DecideBenchmarks.FiveRulesRecorded)) - results["decide_5rules_ns"];
        results["decide_10k_policies_ns"] = Median(decide, nameof(DecideBenchmarks.OneOfTenThousandPolicies));
        results["decide_10k_kill_switches_ns"] = kills.Reports.Max(r => r.ResultStatistics!.Median);
        results["bytes_per_decision"] = decide.Reports.Concat(limiters.Reports).Max(r => (double)(r.GcStats.GetBytesAllocatedPerOperation(r.BenchmarkCase) ?? 0));
        results["compile_10k_policies_ms"] = Median(compile, nameof(CompileBenchmarks.TenThousandPolicies)) / 1e6;
        results["read_10k_policies_ms"] = Median(read, nameof(ReadBenchmarks.TenThousandPolicies)) / 1e6;
    }

    private static double Median(Summary summary, string method) =>
        summary.Reports.First(r => r.BenchmarkCase.Descriptor.WorkloadMethod.Name == method).ResultStatistics!.Median;
}
