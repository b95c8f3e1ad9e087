using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.Leases;

namespace EdgeGuard.ControlPlane.Tests.Leases;

/// <summary>
/// A fleet, its ledger and the network between them, all drawn from one seed: messages are lost, doubled and late; machines and the database go back to
/// earlier states; clocks differ by minutes; the budget's number changes. After every step nobody has spent more than the budget together.
/// </summary>
internal sealed class LedgerModel
{
    private const int Keys = 3;

    private readonly Random _random;
    private readonly List<ModelHolder> _edges = [];
    private readonly Dictionary<(string Key, long Window), long> _admitted = [];
    private readonly List<(ModelHolder Edge, LeaseDocument Document, long Epoch)> _late = [];
    private readonly Dictionary<ModelHolder, ModelHolder> _snapshots = [];
    private readonly Dictionary<ModelHolder, long> _skew = [];
    private MemoryLeaseStore _store = new();
    private MemoryLeaseStore _backup = new();
    private LeaseBudget _budget;
    private long _most;
    private long _epoch = 1;
    private long _seconds = LedgerSamples.Hour + 60;
    private int _holders = 100;

    public LedgerModel(int seed)
    {
        _random = new Random(seed);
        _most = _random.Next(1, 400);
        _budget = LedgerSamples.Of(_most, _random.Next(1, 500_000), _random.Next(1, 5));
        for (var i = _random.Next(2, 9); i > 0; i--)
        {
            var edge = new ModelHolder(i);
            _edges.Add(edge);
            _skew.Add(edge, _random.Next(-240, 240));
        }
    }

    public long Admitted => _admitted.Values.Sum();

    public async Task RunAsync(int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            await StepAsync(_edges[_random.Next(_edges.Count)]);
            await CheckAsync();
        }
    }

    private async Task StepAsync(ModelHolder edge)
    {
        switch (_random.Next(40))
        {
            case < 16:
                Spend(edge);
                break;
            case < 30:
                await ExchangeAsync(edge);
                break;
            case < 34:
                Deliver();
                break;
            case 34:
                _seconds += _random.Next(1, _random.Next(4) == 0 ? 2_000 : 20);
                break;
            case 35:
                edge.BeginAnew(++_holders);
                break;
            case 36:
                _snapshots[edge] = edge.Snapshot();
                break;
            case 37 when _snapshots.TryGetValue(edge, out var snapshot):
                edge.Restore(snapshot);
                edge.MustConfirm = true;
                break;
            case 38 when _random.Next(3) == 0:
                _store = _backup.Copy();
                _epoch++;
                break;
            case 38:
                _backup = _store.Copy();
                break;
            case 39:
                _budget = _budget with { Units = _random.Next(1, 400) };
                _most = Math.Max(_most, _budget.Units);
                break;
            default:
                _seconds++;
                break;
        }
    }

    private void Spend(ModelHolder edge)
    {
        var window = _budget.Windows.At(_seconds + _skew[edge]).Start;
        var key = LedgerSamples.Key[1..] + _random.Next(Keys).ToString(System.Globalization.CultureInfo.InvariantCulture);
        for (var i = _random.Next(1, 30); i > 0; i--)
        {
            _admitted[(key, window)] = _admitted.GetValueOrDefault((key, window)) + edge.Spend(key, window, _budget.Units, _random.Next(1, 5));
        }
    }

    private async Task ExchangeAsync(ModelHolder edge)
    {
        var request = edge.Request(_random.Next(1, 8));
        for (var copies = _random.Next(6) == 0 ? 2 : 1; copies > 0; copies--)
        {
            var work = _store.Copy();
            var outcome = await LeaseLedger.ExchangeAsync(
                work, LedgerSamples.Terms(_budget, _epoch), edge.EdgeId, request, (_seconds * 1_000) + _random.Next(1_000), CancellationToken.None);
            if (_random.Next(20) == 0)
            {
                // The transaction is rolled back, and nobody is answered.
                return;
            }

            _store = work;
            foreach (var (holder, document) in outcome.Others)
            {
                _late.AddRange(_edges.Where(other => other.Id == holder.Id).Select(other => (other, document, _epoch)));
            }

            if (outcome.Document is { } answer)
            {
                _late.Add((edge, answer, _epoch));
                if (request.Confirm && !answer.Forfeit && edge.Id == request.Holder && _random.Next(4) > 0)
                {
                    // The edge waits for this one answer before it goes on.
                    Take(_late.Count - 1);
                    edge.MustConfirm = false;
                    return;
                }
            }
        }

        if (_random.Next(3) > 0)
        {
            Deliver();
        }
    }

    private void Deliver()
    {
        if (_late.Count > 0)
        {
            Take(_random.Next(3) == 0 ? _random.Next(_late.Count) : _late.Count - 1);
        }
    }

    private void Take(int index)
    {
        var (edge, document, epoch) = _late[index];
        if (_random.Next(4) > 0)
        {
            _late.RemoveAt(index);
        }

        if (edge.Take(document, epoch, _budget.Units))
        {
            edge.BeginAnew(++_holders);
        }
    }

    private async Task CheckAsync()
    {
        foreach (var ((key, window), admitted) in _admitted)
        {
            Assert.True(admitted <= _most, $"{admitted} of {_most} were admitted of {key} in {window}");
        }

        // Of windows from before a restore the ledger knows a part only: nothing is given of them any more, and their sums mean nothing.
        var organization = await _store.OrganizationAsync(CancellationToken.None);
        var known = organization is null || organization.Epoch != _epoch ? long.MaxValue
            : organization.RaisedAt == 0 ? 0 : organization.RaisedAt + _budget.Windows.Reach;
        foreach (var group in _store.Holds.Where(hold => hold.Window >= known).GroupBy(hold => (hold.Key, hold.Window)))
        {
            var shares = LeaseShareMath.In([.. _store.Shares], group.Key.Window);
            var charged = ((Int128)shares * _most / LeaseLimits.Whole) + group.Sum(hold => hold.Extra);
            Assert.True(charged <= _most, $"{charged} of {_most} are out of {group.Key}");
        }
    }
}
