using BenchmarkDotNet.Attributes;

namespace EdgeGuard.Bench.Micro.Decide;

/// <summary>One decision by a bundle of many policies, of which one matches.</summary>
[MemoryDiagnoser]
public class PolicyCountBenchmarks
{
    private Scenario _scenario = null!;

    [Params(1, 100, 10_000)]
    public int Policies { get; set; }

    [GlobalSetup]
    public void Setup() => _scenario = Scenario.Policies(Policies);

    [GlobalCleanup]
    public void Cleanup() => _scenario.Dispose();

    [Benchmark]
    public bool Decide() => _scenario.Decide();
}
