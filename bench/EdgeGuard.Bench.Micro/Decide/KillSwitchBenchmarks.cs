using BenchmarkDotNet.Attributes;

namespace EdgeGuard.Bench.Micro.Decide;

/// <summary>What a set of kill switches costs a request that none of them matches.</summary>
[MemoryDiagnoser]
public class KillSwitchBenchmarks
{
    private Scenario _scenario = null!;

    [Params(1, 100, 10_000)]
    public int Count { get; set; }

    [GlobalSetup]
    public void Setup() => _scenario = Scenario.OneRuleWithKillSwitches(Count);

    [GlobalCleanup]
    public void Cleanup() => _scenario.Dispose();

    [Benchmark]
    public bool Decide() => _scenario.Decide();
}
