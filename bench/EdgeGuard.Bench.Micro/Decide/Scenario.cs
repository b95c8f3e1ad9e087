using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Explain;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Bench.Micro.Decide;

/// <summary>One engine with its policies and its request. The clock moves a microsecond a decision, so that buckets refill as they do live.</summary>
internal sealed class Scenario : IDisposable
{
    private const long Start = 1_767_225_600_000_000_007;
    private readonly byte[][] _values;
    private readonly byte[] _path;
    private readonly FactSet _facts = new();
    private readonly CounterTable _table;
    private readonly DecisionEngine _engine;
    private readonly PolicySnapshot _snapshot;
    private readonly FactMark[] _marks = new FactMark[64];
    private long _now = Start;

    private Scenario(PolicyDocument document, string path, int killSwitches = 0)
    {
        _table = CounterTable.Create(new CounterTableOptions(16 * 1024 * 1024, new UInt128(1, 2)));
        _engine = new DecisionEngine(_table);
        _snapshot = PolicySnapshot.Empty.WithPolicy(PolicyCompiler.Compile(document, "bench")).WithPushedKillSwitches(
            [.. Enumerable.Range(0, killSwitches).Select(i => new KillSwitchDefinition
            {
                Id = $"k{i}",
                ScopeKey = Header(0),
                ScopeValue = $"killed tenant {i}",
            })]);
        _path = System.Text.Encoding.UTF8.GetBytes(path);
        _values = [.. _snapshot.Facts.Slots.Select((_, i) => System.Text.Encoding.UTF8.GetBytes($"descriptor value {i:d4}"))];
        _engine.Prepare(_snapshot);
    }

    /// <summary>Whether what was considered is recorded, with the marks of the descriptors that an entry would keep.</summary>
    public bool IsRecorded { get; init; }

    public static Scenario OneRuleRecorded() => new(Document(Policy("p", "/v1/", Rule("r", Header(0)))), "/v1/items") { IsRecorded = true };

    public static Scenario FiveRulesRecorded() => new(
        Document(Policy("p", "/v1/", [.. Enumerable.Range(0, 5).Select(i => Rule($"r{i}", Header(i), Header(i + 1)))])), "/v1/items")
    { IsRecorded = true };

    public static Scenario OneRule() => new(Document(Policy("p", "/v1/", Rule("r", Header(0)))), "/v1/items");

    public static Scenario OneRuleWithKillSwitches(int count) =>
        new(Document(Policy("p", "/v1/", Rule("r", Header(0)))), "/v1/items", count);

    public static Scenario FiveRules() => new(
        Document(Policy("p", "/v1/", [.. Enumerable.Range(0, 5).Select(i => Rule($"r{i}", Header(i), Header(i + 1)))])), "/v1/items");

    public static Scenario TenThousandPolicies() => Policies(10_000);

    /// <summary>One policy as it is given, for every path below <c>/v1/</c>.</summary>
    public static Scenario Of(PolicyDefinition policy) => new(Document(policy), "/v1/items");

    public static Scenario Policies(int count) => new(LargeDocument(count), $"/v1/service{count - 1}/items");

    public static PolicyDocument LargeDocument(int policies) => Document(
        [.. Enumerable.Range(0, policies).Select(i => Policy($"policy-{i}", $"/v1/service{i}/", Rule("per-tenant", Header(0))))]);

    public bool Decide()
    {
        _facts.Begin(_snapshot.Facts);
        for (var i = 0; i < _values.Length; i++)
        {
            _facts.Set(i, _values[i]);
        }

        _now += 1000;
        var view = new RequestView("GET"u8, "api.example.com"u8, _path, _facts);
        var time = new EngineTime(_now, _now / 1_000_000);
        var admitted = IsRecorded ? Record(in view, time, out var admission) : _engine.Decide(_snapshot, in view, time, out admission).IsAdmitted;
        if (!admission.IsEmpty)
        {
            _engine.Finish(admission, Ending.Completed, time);
        }

        return admitted;
    }

    public void Dispose() => _table.Dispose();

    private bool Record(in RequestView view, EngineTime time, out Admission admission)
    {
        var decision = _engine.DecideRecorded(_snapshot, in view, time, out admission);
        return decision.IsAdmitted && FactMarks.Fill(_snapshot, _facts, _facts.Steps, new UInt128(1, 2), _marks) > 0;
    }

    private static DescriptorKey Header(int i) => new(DescriptorKind.Header, $"x-descriptor-{i}");

    private static PolicyDocument Document(params PolicyDefinition[] policies) => new()
    {
        Format = DocumentFormat.Native,
        BundleVersion = 1,
        Policies = [.. policies],
    };

    private static PolicyDefinition Policy(string id, string prefix, params RuleDefinition[] rules) => new()
    {
        Id = id,
        Selector = new SelectorDefinition { PathPrefix = prefix },
        Rules = [.. rules],
    };

    // Refills two tokens a microsecond: every decision is an allow that takes.
    private static RuleDefinition Rule(string name, params DescriptorKey[] keys) => new()
    {
        Name = name,
        LimitKeys = [.. keys],
        Algorithm = new TokenBucketDefinition { TokensPerSecond = 2_000_000, Burst = 2_000_000 },
    };
}
