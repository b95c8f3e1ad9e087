using BenchmarkDotNet.Attributes;
using EdgeGuard.Engine.Bots;

namespace EdgeGuard.Bench.Micro.Facts;

/// <summary>Telling bots from browsers.</summary>
[MemoryDiagnoser]
public class UserAgentBenchmarks
{
    private const string Chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";
    private const string Google = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

    [Benchmark]
    public BotCategory Browser() => UserAgentClassifier.Classify(Chrome);

    [Benchmark]
    public BotCategory Bot() => UserAgentClassifier.Classify(Google);
}
