using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Leases;

namespace EdgeGuard.Fleet.Tests.Simulation;

/// <summary>Edges and a control plane on a network that loses, repeats and reorders, with everything that happens to machines. All from one seed.</summary>
internal sealed class SimulatedFleet
{
    /// <summary>2026-03-02 10:00:00 UTC.</summary>
    private const long Start = 1_772_445_600_000;

    private const int MaxUnderWay = 40;

    private readonly Random _random;
    private readonly SimulatedPlane _plane = new();
    private readonly List<SimulatedEdge> _edges = [];
    private readonly List<Message> _underWay = [];
    private readonly Dictionary<(string Team, long Window), long> _admitted = [];
    private readonly BudgetPeriod _period;
    private long _mostBudget;
    private long _now = Start;

    public SimulatedFleet(int seed, int? edges = null, long? budget = null)
    {
        _random = new Random(seed);
        _period = _random.Next(2) == 0 ? BudgetPeriod.FiveMinutes : BudgetPeriod.Hour;
        Publish(budget ?? _random.Next(1, 400));
        var count = edges ?? _random.Next(2, 9);
        for (var i = 0; i < count; i++)
        {
            _edges.Add(new SimulatedEdge($"edge-{i}", _plane.Policy, ((ulong)(uint)seed << 8) | (uint)i));
        }
    }

    public IReadOnlyList<SimulatedEdge> Edges => _edges;

    /// <summary>Units that were admitted of a team in any window.</summary>
    public long Admitted(string team) => _admitted.Where(sum => sum.Key.Team == team).Sum(sum => sum.Value);

    /// <summary>Anything that can happen.</summary>
    public void Step()
    {
        switch (_random.Next(100))
        {
            case < 40:
                Spend(Any(), $"team-{_random.Next(3)}", _random.Next(1, 60));
                break;
            case < 62:
                Ask(Any(), all: _random.Next(3) == 0);
                break;
            case < 84:
                Deliver();
                break;
            case < 90:
                _now += _random.Next(10) == 0 ? _random.Next(600_000) : _random.Next(5_000);
                break;
            default:
                Trouble();
                break;
        }

        Hold();
    }

    public void Spend(SimulatedEdge edge, string team, int requests)
    {
        var window = FleetBudgets.WindowAt(FleetBudgets.Of(_plane.Policy)[0], (_now + edge.Skew) / 1000).Start;
        _admitted[(team, window)] = _admitted.GetValueOrDefault((team, window)) + edge.Spend(team, requests, _now);
    }

    /// <summary>One exchange that nothing happens to, and what follows from it for others.</summary>
    public void Exchange(SimulatedEdge edge, bool all)
    {
        Ask(edge, all);
        while (_underWay.Count > 0)
        {
            Deliver(_underWay[0], lossless: true);
        }
    }

    public void Advance(long milliseconds) => _now += milliseconds;

    /// <summary>Holds that nobody was given more than there is.</summary>
    public void Hold()
    {
        foreach (var ((team, window), admitted) in _admitted)
        {
            Assert.True(admitted <= _mostBudget, $"{admitted} were admitted of {team} in {window}, the budget is {_mostBudget}");
        }
    }

    private SimulatedEdge Any() => _edges[_random.Next(_edges.Count)];

    private void Ask(SimulatedEdge edge, bool all)
    {
        if (_underWay.Count < MaxUnderWay)
        {
            _underWay.Add(new Message(edge, edge.Next(all, _now), null, 0));
        }
    }

    private void Deliver()
    {
        if (_underWay.Count > 0)
        {
            // Any of them, so they overtake each other.
            Deliver(_underWay[_random.Next(_underWay.Count)], lossless: false);
        }
    }

    private void Deliver(Message message, bool lossless)
    {
        var fate = lossless ? 9 : _random.Next(10);
        if (fate != 0)
        {
            // Taken off, but for one in ten, which comes again.
            _underWay.Remove(message);
        }

        if (fate == 1)
        {
            return;
        }

        if (message.Document is { } document)
        {
            message.Edge.Take(document, message.Epoch, message.Request, _now);
            return;
        }

        var (answer, others) = _plane.Exchange(message.Edge.Id, message.Request!, _now);
        if (answer is not null)
        {
            _underWay.Add(message with { Document = answer, Epoch = _plane.Epoch });
        }

        foreach (var (edge, told) in others)
        {
            _underWay.Add(new Message(_edges.Single(other => other.Id == edge), null, told, _plane.Epoch));
        }
    }

    private void Trouble()
    {
        var edge = Any();
        switch (_random.Next(12))
        {
            case 0 or 1 or 2:
                edge.Kill();
                break;
            case 3:
                edge.LoseCounters();
                edge.Skew = _random.Next(-240_000, 240_000);
                break;
            case 4 or 5:
                edge.Snapshot();
                break;
            case 6:
                edge.PutBack();
                break;
            case 7:
                _plane.Backup();
                break;
            case 8 when _random.Next(3) == 0:
                _plane.Restore();
                break;
            case 9 when _random.Next(3) == 0:
                Publish(_random.Next(1, 400));
                break;
            case 10 or 11:
                edge.Reload(_plane.Policy);
                break;
            default:
                _underWay.Clear();
                break;
        }
    }

    private void Publish(long budget)
    {
        _mostBudget = Math.Max(_mostBudget, budget);
        _plane.Publish(budget, _period);
    }
}
