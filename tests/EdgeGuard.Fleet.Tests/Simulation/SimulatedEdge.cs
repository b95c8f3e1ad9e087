using EdgeGuard.Contracts;
using EdgeGuard.Edge.Leases;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Fleet.Tests.Simulation;

/// <summary>An edge: the real engine, counters and book, on a clock of its own, without network or files.</summary>
internal sealed class SimulatedEdge
{
    private readonly FactSet _facts = new();
    private readonly ulong _seed;
    private CounterMemory _counters;
    private DecisionEngine _engine;
    private LeaseBook _book = null!;
    private LeaseMemory? _kept;
    private byte[]? _snapshot;
    private PolicySnapshot _policy;

    public SimulatedEdge(string id, CompiledPolicy policy, ulong seed)
    {
        Id = id;
        _seed = seed;
        _policy = PolicySnapshot.Empty.WithPolicy(policy);
        _counters = new CounterMemory(seed);
        _engine = new DecisionEngine(_counters.Table);
        Begin(null);
    }

    public string Id { get; }

    /// <summary>How far this edge's clock is off, milliseconds.</summary>
    public long Skew { get; set; }

    public bool IsUrgent => _book.IsUrgent;

    /// <summary>Decides so many requests; how many of them are admitted.</summary>
    public int Spend(string team, int requests, long milliseconds)
    {
        var admitted = 0;
        for (var i = 0; i < requests; i++)
        {
            _facts.Begin(_policy.Facts);
            _facts.Set(_policy.Facts.Slots.IndexOf(Documents.Team), team);
            var now = new EngineTime(Nanoseconds(milliseconds), milliseconds + Skew);
            admitted += _engine.Decide(_policy, new RequestView("GET"u8, "localhost"u8, "/"u8, _facts), now, out _).IsAdmitted ? 1 : 0;
        }

        return admitted;
    }

    public void Reload(CompiledPolicy policy)
    {
        _policy = _policy.WithPolicy(policy);
        _engine.Prepare(_policy);
        _counters.Table.Leases.Use(policy);
    }

    public LeaseRequest Next(bool all, long milliseconds)
    {
        _book.TakeWants(milliseconds);
        return _book.Next(all, milliseconds);
    }

    public void Take(LeaseDocument document, long epoch, LeaseRequest? answered, long milliseconds)
    {
        var outcome = _book.Apply(document, "line", epoch, answered, milliseconds, Nanoseconds(milliseconds));
        Assert.NotEqual(LeaseOutcome.Refused, outcome);
        _book.Prune(Nanoseconds(milliseconds) / 1_000_000_000);
        _kept = _book.Memory;
    }

    /// <summary>Killed and started again on its counters, in the same boot.</summary>
    public void Kill()
    {
        _counters.Reopen();
        Begin(_kept);
    }

    /// <summary>The counters are gone.</summary>
    public void LoseCounters()
    {
        _counters = new CounterMemory(_seed + 1);
        _snapshot = null;
        Begin(null);
    }

    public void Snapshot() => _snapshot = _counters.Copy();

    /// <summary>The machine is put back to an earlier state, with another boot: the counters are not provably those that were spent by.</summary>
    public void PutBack()
    {
        if (_snapshot is not null)
        {
            _counters.PutBack(_snapshot);
            _counters.Reopen();
            Begin(null);
        }
    }

    private void Begin(LeaseMemory? memory)
    {
        var table = _counters.Table;
        table.Leases.Require();
        _engine = new DecisionEngine(table);
        _policy = PolicySnapshot.Empty.WithPolicy(_policy.Policy!);
        _engine.Prepare(_policy);
        table.Leases.Use(_policy.Policy!);
        _book = new LeaseBook(table.Leases, memory);
        _kept = _book.Memory;
    }

    private long Nanoseconds(long milliseconds) => (milliseconds + Skew) * 1_000_000;
}
