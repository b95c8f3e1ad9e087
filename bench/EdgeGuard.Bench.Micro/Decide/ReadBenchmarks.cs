using BenchmarkDotNet.Attributes;
using EdgeGuard.Bundles.Validation;

namespace EdgeGuard.Bench.Micro.Decide;

/// <summary>Reading, validating and binding a large bundle as the edge gets it: canonical JSON.</summary>
[MemoryDiagnoser]
public class ReadBenchmarks
{
    private byte[] _json = [];

    [GlobalSetup]
    public void Setup() => _json = LargeBundle.Json(10_000);

    [Benchmark]
    public BundleReadResult TenThousandPolicies() => BundleReader.Read(_json, "bench", ValidationContext.Unknown);
}
