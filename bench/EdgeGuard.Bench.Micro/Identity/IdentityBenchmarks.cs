using BenchmarkDotNet.Attributes;

namespace EdgeGuard.Bench.Micro.Identity;

/// <summary>A whole decision with a remembered token.</summary>
[MemoryDiagnoser]
public class IdentityBenchmarks
{
    private TokenScenario _scenario = null!;

    [GlobalSetup]
    public async Task Setup() => _scenario = await TokenScenario.CreateAsync();

    [GlobalCleanup]
    public async Task Cleanup() => await _scenario.DisposeAsync();

    [Benchmark]
    public bool OneRuleByRememberedToken() => _scenario.Decide();
}
