using System.Buffers.Text;
using System.Diagnostics;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Bench.Micro.Decide;

/// <summary>
/// One token bucket rule over many live counters, by one or more threads. Keys are asked for in an order that no cache foresees, so what is
/// measured with many of them is memory.
/// </summary>
internal sealed class LiveKeys : IDisposable
{
    /// <summary>32 bytes a counter, three times as many as there are: sets of eight are then seldom full.</summary>
    private const long BytesPerKey = 32 * 3;

    private const long Start = 1_767_225_600_000_000_007;

    /// <summary>A multiplier that visits all residues of a power of two (Knuth, MMIX).</summary>
    private const ulong Stride = 6364136223846793005;

    private readonly CounterTable _table;
    private readonly DecisionEngine _engine;
    private readonly PolicySnapshot _snapshot;
    private readonly int _keys;

    public LiveKeys(int keys)
    {
        _keys = keys;
        _table = CounterTable.Create(new CounterTableOptions(Math.Max(1 << 20, keys * BytesPerKey), new UInt128(3, 4)));
        _engine = new DecisionEngine(_table);
        var rule = new RuleDefinition
        {
            Name = "r",
            LimitKeys = [new DescriptorKey(DescriptorKind.Header, "x-key")],
            Algorithm = new TokenBucketDefinition { TokensPerSecond = 1000, Burst = 1_000_000_000 },
        };
        _snapshot = PolicySnapshot.Empty.WithPolicy(PolicyCompiler.Compile(
            new PolicyDocument
            {
                Format = DocumentFormat.Native,
                BundleVersion = 1,
                Policies = [new PolicyDefinition { Id = "p", Selector = new SelectorDefinition { PathPrefix = "/v1/" }, Rules = [rule] }],
            },
            "bench"));
        _engine.Prepare(_snapshot);
        var facts = new FactSet();
        for (var i = 0; i < keys; i++)
        {
            Decide(facts, (ulong)i, Start);
        }
    }

    /// <summary>Nanoseconds that one decision takes a thread, and decisions a second of all threads.</summary>
    /// <param name="threads">How many decide at once.</param>
    /// <param name="time">For how long.</param>
    public (double Nanoseconds, double PerSecond) Measure(int threads, TimeSpan time)
    {
        var counts = new long[threads];
        var workers = new Thread[threads];
        using var go = new Barrier(threads + 1);
        for (var t = 0; t < threads; t++)
        {
            var worker = t;
            workers[t] = new Thread(() =>
            {
                var facts = new FactSet();
                var state = (ulong)worker * 0x9E3779B97F4A7C15;
                go.SignalAndWait();
                var begun = Stopwatch.GetTimestamp();
                var now = Start + 1_000_000;
                do
                {
                    for (var i = 0; i < 256; i++)
                    {
                        state = (state * Stride) + 1;
                        Decide(facts, (state >> 33) % (ulong)_keys, now += 1000);
                    }

                    counts[worker] += 256;
                }
                while (Stopwatch.GetElapsedTime(begun) < time);
            });
            workers[t].Start();
        }

        go.SignalAndWait();
        var started = Stopwatch.GetTimestamp();
        foreach (var worker in workers)
        {
            worker.Join();
        }

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var total = counts.Sum();
        return (seconds * 1e9 * threads / total, total / seconds);
    }

    public void Dispose() => _table.Dispose();

    private void Decide(FactSet facts, ulong key, long now)
    {
        Span<byte> text = stackalloc byte[32];
        Utf8Formatter.TryFormat(key, text, out var length);
        facts.Begin(_snapshot.Facts);
        facts.Set(0, text[..length]);
        var view = new RequestView("GET"u8, "api.example.com"u8, "/v1/items"u8, facts);
        if (!_engine.Decide(_snapshot, in view, new EngineTime(now, now / 1_000_000), out _).IsAdmitted)
        {
            throw new InvalidOperationException("A benchmark that refuses measures something else.");
        }
    }
}
