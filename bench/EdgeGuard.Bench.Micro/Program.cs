using System.Globalization;
using EdgeGuard.Bench.Micro;
using EdgeGuard.Bench.Micro.Decide;
using EdgeGuard.Bench.Micro.Identity;

// Without arguments: BenchmarkDotNet over everything, then the summary. --quick: the summary alone, measured in this process.
// --identity SECONDS: what callers cost, each verification measured for so long.
Dictionary<string, double> results;
if (args is ["--identity", var seconds])
{
    results = await IdentityMeasurement.RunAsync(TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture)));
}
else
{
    results = args is ["--quick"] ? QuickSummary.Run() : BenchmarkSummary.Run();

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
}

var fields = results.Select(r => string.Create(CultureInfo.InvariantCulture, $"\"{r.Key}\": {Math.Round(r.Value, 2)}"));
Console.WriteLine("{" + string.Join(", ", fields) + "}");
return 0;
