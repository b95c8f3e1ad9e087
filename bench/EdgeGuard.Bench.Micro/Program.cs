using System.Globalization;
using EdgeGuard.Bench.Micro;
using EdgeGuard.Bench.Micro.Decide;
using EdgeGuard.Bench.Micro.Identity;

// BUDGETS [--quick | --short] [--check]. Without an option: BenchmarkDotNet over everything, then the summary. --short: the same with few
// iterations. --quick: the summary alone, measured in this process. --check: failure when a budget is not kept.
// --identity SECONDS: what callers cost, each verification measured for so long. --hostile: how long hostile tokens take to be refused.
if (args is ["--hostile"])
{
    await HostileTokens.RunAsync();
    return 0;
}

Dictionary<string, double> results = [];
if (args is ["--identity", var seconds])
{
    await IdentityMeasurement.RunAsync(TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture)), results);
    Write(results);
    return 0;
}

if (args.Contains("--quick"))
{
    QuickSummary.Run(results);
}
else
{
    FullMeasurement.Run(isShort: args.Contains("--short"), results);
}

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

var isKept = Budgets.Report(args[0], results, Console.Out);
Write(results);
return isKept || !args.Contains("--check") ? 0 : 1;

static void Write(Dictionary<string, double> results)
{
    var fields = results.Select(r => string.Create(CultureInfo.InvariantCulture, $"\"{r.Key}\": {Math.Round(r.Value, 2)}"));
    Console.WriteLine("{" + string.Join(", ", fields) + "}");
}
