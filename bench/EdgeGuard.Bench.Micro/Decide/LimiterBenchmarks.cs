using BenchmarkDotNet.Attributes;

namespace EdgeGuard.Bench.Micro.Decide;

/// <summary>One decision by each limiter, its end included where it has one.</summary>
[MemoryDiagnoser]
public class LimiterBenchmarks
{
    private Scenario _scenario = null!;

    public static IEnumerable<string> Names => Limiters.Names;

    [ParamsSource(nameof(Names))]
    public string Limiter { get; set; } = string.Empty;

    [GlobalSetup]
    public void Setup() => _scenario = Limiters.Scenario(Limiter);

    [GlobalCleanup]
    public void Cleanup() => _scenario.Dispose();

    [Benchmark]
    public bool Decide() => _scenario.Decide();
}
