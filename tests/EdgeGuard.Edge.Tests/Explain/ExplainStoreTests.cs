using EdgeGuard.Edge.Counters;
using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.Explain;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Edge.Tracing;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Options;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Explain;

public sealed class ExplainStoreTests : IDisposable
{
    private readonly TestTimeProvider _time = new();
    private readonly EdgeClock _clock;
    private readonly PolicySnapshot _snapshot = TestPolicies.Snapshot();

    private readonly CounterTable _table = CounterTable.Create(new CounterTableOptions(1024 * 1024, UInt128.One));

    public ExplainStoreTests() => _clock = new EdgeClock(_time, new ProviderBootClock(_time), _table);

    public void Dispose() => _table.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(120)]
    public void Refusal_IsFoundUntilItsTimeIsOver(int minutes)
    {
        var store = Store(keepMinutes: minutes);
        var id = Record(store, TestPolicies.Reject());

        _time.Advance(TimeSpan.FromMinutes(minutes) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(Reason.TokenBucketExceeded, store.Find(id)!.Decision.Reason);
        Assert.Single(store.Recent(10, _ => true));

        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(store.Find(id));
        Assert.Empty(store.Recent(10, _ => true));
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1_000_000, 1000, 1000)]
    [InlineData(100_000, 50, 150)] // 100 of 1000, give or take five standard deviations.
    public void Allow_IsKept_AtTheShareAsked(long perMillion, int least, int most)
    {
        var store = Store(perMillion);
        for (var i = 0; i < 1000; i++)
        {
            Record(store, TestPolicies.Allow());
        }

        Assert.InRange(store.Recorded(EntryKind.Allow), least, most);
    }

    [Fact]
    public void Allow_WhileAllAreAskedFor_IsKept()
    {
        var store = Store(0);
        store.RecordAll(TimeSpan.FromSeconds(60));
        var during = Record(store, TestPolicies.Allow());
        _time.Advance(TimeSpan.FromSeconds(60));
        var after = Record(store, TestPolicies.Allow());

        Assert.NotNull(store.Find(during));
        Assert.Null(store.Find(after));
        Assert.False(store.RecordsAll);
    }

    [Fact]
    public void RecordAll_AskedForTooLong_IsLimited()
    {
        var store = Store();

        Assert.Equal(_time.GetUtcNow() + ExplainStore.MaxRecordAll, store.RecordAll(TimeSpan.FromDays(365)));
        store.RecordAll(TimeSpan.Zero);
        Assert.False(store.RecordsAll);
    }

    [Fact]
    public void ShadowDisagreement_IsAlwaysKept()
    {
        var store = Store(0);
        var id = Record(store, TestPolicies.Allow() with { ShadowReason = Reason.TokenBucketExceeded, ShadowPolicy = 1, ShadowRule = 1 });

        Assert.Equal(1, store.Recorded(EntryKind.Shadow));
        Assert.NotNull(store.Find(id));
        Assert.Equal("p1", Assert.Single(store.Recent(10, _ => true)).Policy);
    }

    [Fact]
    public void AllAllows_UnderLoad_DoNotPushOutARefusal()
    {
        var store = Store();
        var id = Record(store, TestPolicies.Reject());
        store.RecordAll(TimeSpan.FromMinutes(1));
        for (var i = 0; i < 20_000; i++)
        {
            Record(store, TestPolicies.Allow());
        }

        Assert.True(store.Dropped > 0);
        Assert.NotNull(store.Find(id));
    }

    [Fact]
    public async Task TenThousandDecisions_OfManyThreads_StayWithinTheBoundsAndNoneIsMixedUp()
    {
        const int Threads = 8;
        var store = Store();
        var snapshot = TestPolicies.Snapshot(policies: Threads);
        var ids = new DecisionId[10_000];
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            for (var i = thread; i < ids.Length; i += Threads)
            {
                var trace = new RequestTrace(DecisionId.New(), TraceContext.Begin(0));
                store.Record(snapshot, TestPolicies.Reject(thread), trace, null, _clock.Now, DoorTag.Proxy);
                ids[i] = trace.Id;
            }
        })));

        var found = ids.Select((id, i) => (Entry: store.Find(id), Thread: i % Threads)).Where(pair => pair.Entry is not null).ToArray();
        Assert.All(found, pair => Assert.Equal(pair.Thread, pair.Entry!.Decision.Policy));
        Assert.True(store.Bytes <= 1024 * 1024);
        Assert.Equal(ids.Length, found.Length + store.Dropped);
        Assert.InRange(found.Length, 100, ids.Length - 1);
        Assert.Equal(1000, store.Recent(1000, _ => true).Length + Math.Max(0, 1000 - found.Length));
    }

    [Fact]
    public void Record_OnTheSteadyPath_AllocatesNothing()
    {
        var store = Store();
        var snapshot = TestPolicies.Snapshot();
        var decision = TestPolicies.Reject();
        var trace = new RequestTrace(DecisionId.New(), TraceContext.Begin(0));
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                store.Record(snapshot, decision, trace, null, _clock.Now, DoorTag.Proxy);
            }
        }));
    }

    private ExplainStore Store(long sampleAllows = 1000, int keepMinutes = 15) => new(
        new EdgeOptions
        {
            Explain = new ExplainOptions { MemoryBytes = 1024 * 1024, SampleAllowsPerMillion = sampleAllows, Keep = TimeSpan.FromMinutes(keepMinutes) },
        },
        _clock,
        new SettlementNotes());

    private DecisionId Record(ExplainStore store, Decision decision)
    {
        var trace = new RequestTrace(DecisionId.New(), TraceContext.Begin(0));
        store.Record(_snapshot, decision, trace, null, _clock.Now, DoorTag.Decision);
        return trace.Id;
    }
}
