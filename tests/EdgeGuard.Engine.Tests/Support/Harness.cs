using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Explain;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Matching;
using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Engine.Tests.Support;

/// <summary>An engine with its table, a clock that the test moves, and requests written as text.</summary>
internal sealed class Harness : IDisposable
{
    /// <summary>2026-01-01T00:00:00Z plus an odd number of nanoseconds.</summary>
    public const long Start = 1_767_225_600_000_000_007;

    private readonly FactSet _facts = new();

    public Harness(params PolicyDefinition[] policies)
        : this(Bundle.Compile(policies))
    {
    }

    public Harness(CompiledPolicy policy, long memoryBytes = 1 << 20)
    {
        Table = CounterTable.Create(new CounterTableOptions(memoryBytes, new UInt128(0x0123456789abcdef, 0xfedcba9876543210)));
        Engine = new DecisionEngine(Table);
        Snapshot = PolicySnapshot.Empty.WithPolicy(policy);
    }

    public CounterTable Table { get; }

    public DecisionEngine Engine { get; }

    public PolicySnapshot Snapshot { get; set; }

    public long Nanoseconds { get; set; } = Start;

    public EngineTime Now => new(Nanoseconds, Nanoseconds / 1_000_000);

    public void Advance(double seconds) => Nanoseconds += (long)(seconds * 1e9);

    public void Reload(params PolicyDefinition[] policies) => Snapshot = Snapshot.WithPolicy(Bundle.Compile(policies));

    /// <summary>Decides a request such as <c>GET host/path?query</c>; a null fact is unverifiable, one that begins with ! a mere claim.</summary>
    public Decision Decide(string request = "GET localhost/", params (DescriptorKey Key, string? Value)[] values)
    {
        Read(request, values, out var method, out var host, out var path);
        return Engine.Decide(Snapshot, new RequestView(method, host, path, _facts), Now, out _);
    }

    /// <summary>Decides a request to <c>/</c> and tells what its end is told with.</summary>
    public Decision Decide(out Admission admission, params (DescriptorKey Key, string? Value)[] values)
    {
        Read("GET localhost/", values, out var method, out var host, out var path);
        return Engine.Decide(Snapshot, new RequestView(method, host, path, _facts), Now, out admission);
    }

    public DecisionTrace Explain(string request = "GET localhost/", params (DescriptorKey Key, string? Value)[] values)
    {
        Read(request, values, out var method, out var host, out var path);
        return Engine.Explain(Snapshot, new RequestView(method, host, path, _facts), Now);
    }

    /// <summary>Decides a request and tells its story, as an edge would that was asked for it.</summary>
    public DecisionStory Story(string request = "GET localhost/", params (DescriptorKey Key, string? Value)[] values)
    {
        Read(request, values, out var method, out var host, out var path);
        var decision = Engine.DecideRecorded(Snapshot, new RequestView(method, host, path, _facts), Now, out _);
        return StoryBuilder.Build(new RecordedDecision
        {
            Decision = decision,
            Snapshot = Snapshot,
            Time = DateTimeOffset.FromUnixTimeMilliseconds(Now.UnixMilliseconds),
            Steps = [.. _facts.Steps],
            MarkKey = default,
            Door = "proxy",
        });
    }

    /// <summary>How many of so many equal requests pass.</summary>
    public int Admitted(int requests, string request = "GET localhost/", params (DescriptorKey Key, string? Value)[] values)
    {
        var admitted = 0;
        for (var i = 0; i < requests; i++)
        {
            admitted += Decide(request, values).Verdict == Verdict.Allow ? 1 : 0;
        }

        return admitted;
    }

    public void Dispose() => Table.Dispose();

    private void Read(
        string request, (DescriptorKey Key, string? Value)[] values, out byte[] method, out byte[] host, out byte[] path)
    {
        var space = request.IndexOf(' ', StringComparison.Ordinal);
        var slash = request.IndexOf('/', StringComparison.Ordinal);
        method = Encoding.UTF8.GetBytes(request[..space]);
        host = Encoding.UTF8.GetBytes(request[(space + 1)..slash]);
        var target = Encoding.UTF8.GetBytes(request[slash..]);
        path = new byte[target.Length];
        Assert.True(PathCanonicalizer.TryCanonicalize(target, path, out var length, out var query));
        path = path[..length];
        _facts.Begin(Snapshot.Facts);
        FillFacts(Snapshot.Facts, values);
        if (query >= 0)
        {
            QueryReader.Fill(target.AsSpan(query), Snapshot.Facts, _facts);
        }
    }

    private void FillFacts(FactPlan plan, (DescriptorKey Key, string? Value)[] values)
    {
        foreach (var (key, value) in values)
        {
            var slot = plan.Slots.IndexOf(key);
            if (slot < 0)
            {
                continue;
            }

            if (value is null)
            {
                _facts.SetUnverifiable(slot);
            }
            else if (value.StartsWith('!'))
            {
                _facts.SetUnverifiable(slot, value.AsSpan(1));
            }
            else
            {
                _facts.Set(slot, value);
            }
        }
    }
}
