using BenchmarkDotNet.Attributes;

namespace EdgeGuard.Bench.Micro.Decide;

/// <summary>Whole decisions, filling the facts included.</summary>
[MemoryDiagnoser]
public class DecideBenchmarks
{
    private Scenario _oneRule = null!;
    private Scenario _oneRuleRecorded = null!;
    private Scenario _fiveRules = null!;
    private Scenario _fiveRulesRecorded = null!;
    private Scenario _manyPolicies = null!;

    [GlobalSetup]
    public void Setup()
    {
        _oneRule = Scenario.OneRule();
        _oneRuleRecorded = Scenario.OneRuleRecorded();
        _fiveRules = Scenario.FiveRules();
        _fiveRulesRecorded = Scenario.FiveRulesRecorded();
        _manyPolicies = Scenario.TenThousandPolicies();
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _oneRule.Dispose();
        _oneRuleRecorded.Dispose();
        _fiveRules.Dispose();
        _fiveRulesRecorded.Dispose();
        _manyPolicies.Dispose();
    }

    [Benchmark(Baseline = true)]
    public bool OneRule() => _oneRule.Decide();

    [Benchmark]
    public bool OneRuleRecorded() => _oneRuleRecorded.Decide();

    [Benchmark]
    public bool FiveRulesOfTwoDescriptors() => _fiveRules.Decide();

    [Benchmark]
    public bool FiveRulesRecorded() => _fiveRulesRecorded.Decide();

    [Benchmark]
    public bool OneOfTenThousandPolicies() => _manyPolicies.Decide();
}
