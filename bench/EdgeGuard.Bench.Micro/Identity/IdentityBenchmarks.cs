using BenchmarkDotNet.Attributes;

namespace EdgeGuard.Bench.Micro.Identity;

/// <summary>Whole decisions by callers who are known.</summary>
[MemoryDiagnoser]
public class IdentityBenchmarks
{
    private CallerScenario _token = null!;
    private CallerScenario _key = null!;

    [GlobalSetup]
    public async Task Setup()
    {
        _token = await CallerScenario.OfTokenAsync();
        _key = await CallerScenario.OfApiKeyAsync();
    }

    [GlobalCleanup]
    public async Task Cleanup()
    {
        await _token.DisposeAsync();
        await _key.DisposeAsync();
    }

    [Benchmark]
    public bool OneRuleByRememberedToken() => _token.Decide();

    [Benchmark]
    public bool OneRuleByApiKey() => _key.Decide();
}
