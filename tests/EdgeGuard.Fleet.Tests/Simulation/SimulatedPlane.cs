using System.Collections.Immutable;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.Leases;
using EdgeGuard.ControlPlane.Tests.Leases;
using EdgeGuard.Engine.Compile;

namespace EdgeGuard.Fleet.Tests.Simulation;

/// <summary>The ledger of a control plane and its database, without network or clock.</summary>
internal sealed class SimulatedPlane
{
    public const string Salt = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    private MemoryLeaseStore _store = new();
    private MemoryLeaseStore? _backup;
    private ImmutableDictionary<string, LeaseBudget> _budgets = ImmutableDictionary<string, LeaseBudget>.Empty;

    public long Epoch { get; private set; } = 1;

    /// <summary>The newest bundle.</summary>
    public CompiledPolicy Policy { get; private set; } = null!;

    public void Publish(long budget, BudgetPeriod period)
    {
        var document = Documents.Of(budget, period);
        _budgets = LeaseBudgets.Of(document, "digest");
        Policy = PolicyCompiler.Compile(document, "digest");
    }

    /// <summary>Works on a request; the answer, and what others are told.</summary>
    public (LeaseDocument? Answer, IReadOnlyList<(string Edge, LeaseDocument Document)> Others) Exchange(string edge, LeaseRequest request, long milliseconds)
    {
        Assert.Null(LeaseRequestCheck.Check(request));
        var work = _store.Copy();
        var outcome = LeaseLedger.ExchangeAsync(work, new LeaseTerms(Epoch, _budgets), edge, request, milliseconds, CancellationToken.None).GetAwaiter().GetResult();
        if (outcome.Document is null)
        {
            return (null, []);
        }

        _store = work;
        return (Salted(outcome.Document), [.. outcome.Others.Select(other => (other.Holder.EdgeId, Salted(other.Document)))]);
    }

    public void Backup() => _backup = _store.Copy();

    /// <summary>Puts the backup back, as an operator does, who raises the epoch.</summary>
    public void Restore()
    {
        if (_backup is not null)
        {
            _store = _backup.Copy();
            Epoch++;
        }
    }

    private static LeaseDocument Salted(LeaseDocument document) => document with { Salt = Salt };
}
