using BenchmarkDotNet.Attributes;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Compile;

namespace EdgeGuard.Bench.Micro.Decide;

/// <summary>Compiling a large bundle.</summary>
[MemoryDiagnoser]
public class CompileBenchmarks
{
    private PolicyDocument _document = null!;

    [GlobalSetup]
    public void Setup() => _document = Scenario.LargeDocument(10_000);

    [Benchmark]
    public CompiledPolicy TenThousandPolicies() => PolicyCompiler.Compile(_document, "bench");
}
