using EdgeGuard.Bundles.Model;
using EdgeGuard.Edge.Bundles;
using EdgeGuard.Edge.Explain;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Metrics;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Edge.Usage;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Identity.Revocations;

namespace EdgeGuard.Edge.Exchanges;

/// <summary>
/// The admitted requests that are under way: each is ended once, however it ends, and a kill switch or a revocation that comes meanwhile
/// ends those that it matches.
/// </summary>
/// <remarks>In stripes of one lock each, so that requests on many threads do not wait for each other to enter and leave.</remarks>
internal sealed class ActiveExchanges : IMetricSource
{
    private const int Stripes = 16;
    private static readonly string[] EndingNames = ["completed", "dropped", "ignored"];

    private readonly Stripe[] _stripes = [.. Enumerable.Range(0, Stripes).Select(_ => new Stripe())];
    private readonly SnapshotHolder _holder;
    private readonly DecisionEngine _engine;
    private readonly KillCheck _kills;
    private readonly RevocationList _revocations;
    private readonly UsageMetrics _usage;
    private readonly ExplainStore _explain;
    private readonly EdgeClock _clock;
    private readonly ILogger _logger;
    private readonly long[] _endings = new long[EndingNames.Length];
    private long _killed;
    private int _sweeps;

    public ActiveExchanges(
        SnapshotHolder holder,
        DecisionEngine engine,
        KillCheck kills,
        RevocationList revocations,
        UsageMetrics usage,
        ExplainStore explain,
        EdgeClock clock,
        ILogger<ActiveExchanges> logger)
    {
        _holder = holder;
        _engine = engine;
        _kills = kills;
        _revocations = revocations;
        _usage = usage;
        _explain = explain;
        _clock = clock;
        _logger = logger;
        holder.Changed += (_, _) => RequestSweep();
        revocations.Changed += (_, _) => RequestSweep();
    }

    /// <summary>Requests under way.</summary>
    public int Count
    {
        get
        {
            var count = 0;
            foreach (var stripe in _stripes)
            {
                lock (stripe.Gate)
                {
                    count += stripe.Count;
                }
            }

            return count;
        }
    }

    /// <summary>Begins one; from here on <see cref="End"/> must be called.</summary>
    public HttpExchange Begin(HttpContext context, in OriginalRequest request, in DecidedRequest decided)
    {
        var exchange = new HttpExchange(context, request, decided);
        Enter(exchange);
        return exchange;
    }

    /// <summary>Takes one in that has begun; from here on <see cref="End"/> must be called.</summary>
    public void Enter(Exchange exchange)
    {
        exchange.Stripe = Thread.GetCurrentProcessorId() & (Stripes - 1);
        var stripe = _stripes[exchange.Stripe];
        lock (stripe.Gate)
        {
            (exchange.Previous, exchange.Next) = (null, stripe.First);
            if (stripe.First is { } first)
            {
                first.Previous = exchange;
            }

            stripe.First = exchange;
            stripe.Count++;
        }

        // A switch or revocation that came between the decision and here has been looked for without this one.
        var current = _holder.Current;
        if ((!ReferenceEquals(current, exchange.Decided.Snapshot) && !current.KillSwitches.IsEmpty)
            || _revocations.Revokes(exchange.Decided.Caller, CredentialKinds.All))
        {
            _ = CheckAsync(current, exchange, exchange.Turn);
        }
    }

    /// <summary>Tells that it is forwarded now.</summary>
    public void Forward(Exchange exchange)
    {
        exchange.Outcome = ExchangeOutcome.Forwarded;
        if (!exchange.Decided.Admission.IsEmpty)
        {
            _engine.Forward(exchange.Decided.Admission, _clock.Now);
        }
    }

    /// <summary>Tells that the upstream has begun to answer.</summary>
    public void Answer(Exchange exchange, HttpResponseMessage? answer)
    {
        if (answer is not null)
        {
            Answer(exchange, isEventStream: answer.Content.Headers.ContentType?.MediaType == "text/event-stream");
        }
    }

    /// <summary>Tells that the upstream has begun to answer.</summary>
    public void Answer(Exchange exchange, bool isEventStream)
    {
        exchange.UpstreamAnswered = true;
        if (isEventStream && !exchange.Decided.Admission.IsEmpty)
        {
            _engine.BeginStream(exchange.Decided.Admission, _clock.Now);
        }
    }

    /// <summary>Lets one go whose end somebody else will tell.</summary>
    public void Leave(Exchange exchange)
    {
        if (exchange.TryEnd())
        {
            Remove(exchange);
        }
    }

    /// <summary>Ends one: what it reserved is settled, and what it held released.</summary>
    public void End(Exchange exchange)
    {
        if (!exchange.TryEnd())
        {
            return;
        }

        Remove(exchange);
        if (exchange.EndedByKill)
        {
            Interlocked.Increment(ref _killed);
        }

        var ending = EndingOf(exchange.Outcome);
        Interlocked.Increment(ref _endings[Math.Min((int)ending, (int)Ending.Ignored)]);
        var admission = exchange.Decided.Admission;
        if (admission.IsEmpty)
        {
            return;
        }

        var now = _clock.Now;
        Settle(exchange, now);
        _engine.Finish(admission, ending, now);
    }

    /// <inheritdoc />
    public void Write(MetricWriter writer)
    {
        writer.Single("edgeguard_exchanges", "gauge", "Admitted requests of the proxy under way, waiting ones included.", Count);
        writer.Family("edgeguard_exchanges_total", "counter", "Admitted requests of the proxy that have ended, by what that says of the upstream.");
        for (var i = 0; i < EndingNames.Length; i++)
        {
            writer.Sample(Interlocked.Read(ref _endings[i]), ("ending", EndingNames[i]));
        }

        writer.Single(
            "edgeguard_exchanges_killed_total", "counter", "Requests under way that a kill switch or a revocation ended.", Interlocked.Read(ref _killed));
        writer.Single(
            "edgeguard_admissions_open", "gauge", "Admitted requests that hold tokens or slots until their end is told.", _engine.OpenAdmissions);
    }

    // Of an answer that broke off, only a running total that names the completion says what was used; without one a stream is estimated by its text. An
    // answer in one piece was generated whole before its first byte came, so it stays charged with what was reserved.
    private void Settle(Exchange exchange, EngineTime now)
    {
        var admission = exchange.Decided.Admission;
        if (!_engine.WantsUsage(admission))
        {
            return;
        }

        var decided = exchange.Decided;
        if (IsRefunded(exchange.Outcome))
        {
            _engine.Settle(admission, default, now, _usage.Count("refunded", decided, isKnown: true));
        }
        else if (exchange.Gate is { } gate && exchange.Outcome != ExchangeOutcome.Answered)
        {
            var isCut = exchange.Outcome == ExchangeOutcome.Cut;
            _engine.SettleStreamed(admission, gate.Told, gate.Since, now, _usage.Count(isCut ? "cut" : "estimated", decided, isKnown: false));
            if (isCut)
            {
                _explain.RecordCut(decided, exchange.Door);
            }
        }
        else if (exchange.Usage is { } told && (told.IsCompletionTold || (told.IsTold && exchange.Gate is null && exchange.Outcome == ExchangeOutcome.Answered)))
        {
            _engine.Settle(admission, told.ToUsage(), now, _usage.Count("told", decided, isKnown: true));
        }
        else if (exchange.Outcome != ExchangeOutcome.Answered && exchange.Streamed is { } streamed)
        {
            var prompt = exchange.Usage is { } begun ? begun.ToUsage() with { Completion = 0, Reasoning = 0 } : default;
            _engine.SettleStreamed(admission, in prompt, streamed.Text, now, _usage.Count("estimated", decided, isKnown: false));
        }
        else
        {
            var outcome = exchange.IsUsageCoded ? "compressed" : exchange.Outcome == ExchangeOutcome.Answered ? "untold" : "broken_off";
            _engine.Keep(admission, _usage.Count(outcome, decided, isKnown: false));
        }
    }

    private static Ending EndingOf(ExchangeOutcome outcome) => outcome switch
    {
        ExchangeOutcome.Answered or ExchangeOutcome.Failed or ExchangeOutcome.Cut => Ending.Completed,
        ExchangeOutcome.Unreachable or ExchangeOutcome.Overloaded or ExchangeOutcome.BrokenOff => Ending.Dropped,
        ExchangeOutcome.NotForwarded => Ending.NotForwarded,
        _ => Ending.Ignored,
    };

    private static bool IsRefunded(ExchangeOutcome outcome) =>
        outcome is ExchangeOutcome.NotForwarded or ExchangeOutcome.Unreachable or ExchangeOutcome.Overloaded or ExchangeOutcome.Failed;

    private void Remove(Exchange exchange)
    {
        var stripe = _stripes[exchange.Stripe];
        lock (stripe.Gate)
        {
            if (exchange.Previous is { } previous)
            {
                previous.Next = exchange.Next;
            }
            else
            {
                stripe.First = exchange.Next;
            }

            if (exchange.Next is { } next)
            {
                next.Previous = exchange.Previous;
            }

            stripe.Count--;
        }
    }

    // Whoever puts a kill switch in force does not wait for this. Changes that come while one sweep runs are covered by the next.
    private void RequestSweep()
    {
        if (Interlocked.Increment(ref _sweeps) == 1)
        {
            _ = Task.Run(SweepAsync);
        }
    }

    private async Task SweepAsync()
    {
        int done;
        do
        {
            done = Volatile.Read(ref _sweeps);
            var snapshot = _holder.Current;
            if (snapshot.KillSwitches.IsEmpty && _revocations.IsEmpty)
            {
                continue;
            }

            // Only a token that was never seen is waited for, and then for all of them at once.
            var pending = new List<Task>();
            foreach (var (exchange, turn) in Listed())
            {
                var check = CheckAsync(snapshot, exchange, turn);
                if (!check.IsCompleted)
                {
                    pending.Add(check);
                }
            }

            await Task.WhenAll(pending);
        }
        while (Interlocked.Add(ref _sweeps, -done) != 0);
    }

    private List<(Exchange Exchange, long Turn)> Listed()
    {
        var all = new List<(Exchange, long)>();
        foreach (var stripe in _stripes)
        {
            lock (stripe.Gate)
            {
                for (var exchange = stripe.First; exchange is not null; exchange = exchange.Next)
                {
                    all.Add((exchange, exchange.Turn));
                }
            }
        }

        return all;
    }

    private async Task CheckAsync(PolicySnapshot snapshot, Exchange exchange, long turn)
    {
        try
        {
            if (await _kills.FindAsync(snapshot, exchange, turn) is { } kill)
            {
                exchange.Kill(turn, kill, snapshot);
            }
        }
#pragma warning disable CA1031 // One request that cannot be looked at must not save all others from a kill switch.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            ExchangeLog.NotChecked(_logger, exception);
        }
    }

    private sealed class Stripe
    {
        public Lock Gate { get; } = new();

        public Exchange? First { get; set; }

        public int Count { get; set; }
    }
}
