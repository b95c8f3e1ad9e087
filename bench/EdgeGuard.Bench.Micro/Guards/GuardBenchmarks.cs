using System.Text;
using BenchmarkDotNet.Attributes;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Adaptive;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Facts;

namespace EdgeGuard.Bench.Micro.Guards;

/// <summary>What guards of a policy cost a request, without the engine around them: checked and taken.</summary>
[MemoryDiagnoser]
public class GuardBenchmarks : IDisposable
{
    private const long Step = 1_000_000;

    private static readonly DescriptorKey Caller = new(DescriptorKind.Header, "x-agent");

    private readonly CounterTable _table = CounterTable.Create(new CounterTableOptions(1 << 20, new UInt128(1, 2)));
    private readonly FactSet _facts = new();
    private readonly AdaptiveLimiter _adaptive = new(new AdaptiveConcurrencyDefinition());
    private readonly BodyFacts _body = new();
    private readonly byte[] _chat = Encoding.UTF8.GetBytes(
        "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\""
        + string.Concat(Enumerable.Repeat("a short sentence about nothing. ", 32)) + "\"}],\"max_tokens\":100}");

    private readonly LoopLimit _exact;
    private readonly LoopLimit _near;
    private readonly BreakerLimit _breaker;
    private long _now = 1_767_225_600_000_000_000;

    public GuardBenchmarks()
    {
        _facts.Begin(new FactPlan([Caller]));
        _facts.Set(0, "agent-17"u8);
        _facts.Body.Similarity = 0x123456789abcdef0;
        _exact = new LoopLimit(new LoopDetectionDefinition { Action = LoopAction.Warn }, "exact", [Caller], [0], _table, null);
        _near = new LoopLimit(new LoopDetectionDefinition { Action = LoopAction.Warn, Near = true }, "near", [Caller], [0], _table, null);
        _breaker = new BreakerLimit(new CircuitBreakerDefinition { ThresholdPerMinute = 1e12 }, "breaker", Caller, 0, _table, null);
    }

    [Benchmark]
    public ulong LoopExact() => Loop(_exact);

    [Benchmark]
    public ulong LoopNear() => Loop(_near);

    [Benchmark]
    public ulong Breaker()
    {
        var request = new RequestView("POST"u8, default, "/v1/chat"u8, _facts);
        Reservation reservation = default;
        BreakerCounter.Check(_table, _breaker, in request, 1_000_000, shadow: false, ref reservation, _now += Step);
        BreakerCounter.Take(_table, _breaker, ref reservation, _now);
        return reservation.Deficit;
    }

    [Benchmark]
    public bool Adaptive()
    {
        var entered = _adaptive.TryEnter(0);
        _adaptive.Exit(_now, _now += Step, dropped: false);
        return entered;
    }

    /// <summary>A chat of one kilobyte.</summary>
    [Benchmark]
    public long Body()
    {
        _body.Clear();
        BodyAnalyzer.Analyze(_chat, _body);
        return _body.PromptTokens;
    }

    /// <summary>The same without a signature, for bundles without near loop detection.</summary>
    [Benchmark]
    public long BodyWithoutSignature()
    {
        _body.Clear();
        BodyAnalyzer.Analyze(_chat, _body, similarity: false);
        return _body.PromptTokens;
    }

    public void Dispose()
    {
        _table.Dispose();
        GC.SuppressFinalize(this);
    }

    private ulong Loop(LoopLimit limit)
    {
        var request = new RequestView("POST"u8, default, "/v1/chat"u8, _facts, "b=2&a=1"u8);
        _now += Step;
        var deficit = 0UL;
        for (var part = 0; part < limit.Parts; part++)
        {
            Reservation reservation = default;
            if (LoopCounter.Check(_table, limit, (LoopPart)part, in request, shadow: false, ref reservation, _now))
            {
                LoopCounter.Take(_table, limit, ref reservation, _now);
                deficit += reservation.Deficit;
            }
        }

        return deficit;
    }
}
