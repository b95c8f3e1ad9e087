using System.Threading.Channels;
using EdgeGuard.Bundles.Signing;
using EdgeGuard.Contracts;
using EdgeGuard.Edge.Bundles;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Sync;
using EdgeGuard.Edge.Takeover;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Leases;

namespace EdgeGuard.Edge.Leases;

/// <summary>
/// Exchanges leases of fleet-wide budgets with the control plane, beside decisions: what they ask for is looked at every 20 ms, everything else is told
/// every 10 s. One exchange at a time. Without a budget that is fleet-wide nothing is sent.
/// </summary>
internal sealed class LeaseService(
    ControlPlaneHttp http,
    LeaseReader reader,
    LeaseVault vault,
    LeaseStatus status,
    SnapshotHolder holder,
    CounterTable counters,
    EdgeClock clock,
    Ownership ownership,
    SharedListeners listeners,
    TimeProvider time,
    ILogger<LeaseService> logger) : BackgroundService
{
    private const int MaxWaiting = 64;
    private const decimal MicroUnits = 1_000_000;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Report = TimeSpan.FromSeconds(LeaseLimits.ReportSeconds);
    private static readonly TimeSpan Patience = 3 * Report;

    private readonly Channel<(LeaseDocument Document, DocumentHeader Header)> _pushed =
        Channel.CreateBounded<(LeaseDocument, DocumentHeader)>(new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly Channel<bool> _changed =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly FleetLeases _leases = counters.Leases;
    private readonly Backoff _backoff = new();
    private LeaseBook _book = null!;
    private CompiledPolicy? _policy;
    private long _lastGood;
    private long _nextReport;
    private long _notBefore;
    private bool _suspended;

    /// <summary>Takes a document of the stream: it is applied in a moment, in turn with exchanges. Never waits, never throws.</summary>
    /// <returns>Whether it was verified.</returns>
    public bool Take(byte[] data)
    {
        var (document, header, problem) = reader.Read(data);
        if (problem is not null)
        {
            LeaseLog.Refused(logger, problem.ToString());
            return false;
        }

        _pushed.Writer.TryWrite((document!, header!));
        return true;
    }

    /// <inheritdoc />
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // Before any door is open, so that what is held can be spent from the first request on.
        _book = new LeaseBook(_leases, vault.Load());
        _lastGood = Milliseconds;
        holder.Changed += (_, _) => _changed.Writer.TryWrite(true);
        return base.StartAsync(cancellationToken);
    }

    private long Milliseconds => (long)time.GetElapsedTime(0).TotalMilliseconds;

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await TurnAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                SyncLog.Unexpected(logger, failure);
                _notBefore = Milliseconds + (long)AskAgain.TotalMilliseconds;
            }

            // An edge whose bundle has nothing of the kind does not wake up fifty times a second for it.
            await (_leases.Budgets.IsEmpty ? _changed.Reader.ReadAsync(stoppingToken).AsTask() : Task.Delay(Look, time, stoppingToken));
        }
    }

    private async Task TurnAsync(CancellationToken stopping)
    {
        UsePolicy();
        if (_leases.Budgets.IsEmpty)
        {
            return;
        }

        while (_pushed.Reader.TryRead(out var pushed))
        {
            Apply(pushed.Document, pushed.Header, null);
        }

        var now = Milliseconds;
        _book.TakeWants(now);
        Suspend(now);

        // A process that is taken over spends what it has and says no more: the other one speaks for the same holder.
        var isDue = now >= _nextReport;
        if (ownership.IsOwner && !listeners.IsPaused && now >= _notBefore && (isDue || _book.IsUrgent))
        {
            await ExchangeAsync(isDue, stopping);
        }
    }

    private void UsePolicy()
    {
        var policy = holder.Current.Policy;
        if (policy is null || ReferenceEquals(policy, _policy))
        {
            return;
        }

        _policy = policy;
        _leases.Use(policy);
        _leases.Suspend(_suspended);
        _nextReport = 0;
        if (_leases.Budgets.IsEmpty)
        {
            // Nothing of the kind was in force: that no exchange was made says nothing of the control plane.
            _lastGood = Milliseconds;
        }
    }

    private async Task ExchangeAsync(bool all, CancellationToken stopping)
    {
        var request = _book.Next(all, Milliseconds);
        try
        {
            var answer = await http.PostAsync(EdgeRoutes.Leases, request, ContractsJson.Default.LeaseRequest, ContractsJson.Default.LeaseResponse, stopping);
            var (document, header, problem) = reader.Read(answer.Lease);
            if (problem is not null)
            {
                throw new SyncFailure(problem, isSlow: true);
            }

            Succeeded(all);
            Apply(document!, header!, request);
        }
        catch (SyncFailure failure)
        {
            Failed(failure);
        }
    }

    private void Succeeded(bool all)
    {
        _backoff.Reset();
        status.Succeeded();
        _lastGood = Milliseconds;
        _notBefore = 0;
        if (all)
        {
            // Up to a fifth earlier, so that a fleet does not report in one moment.
            _nextReport = Milliseconds + (long)(Report * (1 - (Backoff.Random() / 5))).TotalMilliseconds;
        }

        Suspend(_lastGood);
    }

    private void Failed(SyncFailure failure)
    {
        var wait = _backoff.Next(failure.IsSlow, failure.RetryAfter);
        wait = wait > Look ? wait : Look;
        _notBefore = Milliseconds + (long)wait.TotalMilliseconds;
        status.Failed(failure.Problem.ToString());
        LeaseLog.NotExchanged(logger, (long)wait.TotalMilliseconds, failure.Problem.ToString());
    }

    private void Apply(LeaseDocument document, DocumentHeader header, LeaseRequest? answered)
    {
        var outcome = _book.Apply(document, header.Issuer, header.Epoch, answered, Milliseconds, clock.Nanoseconds);
        switch (outcome)
        {
            case LeaseOutcome.NewHolder:
                LeaseLog.NewHolder(logger);
                vault.TryKeep(_book.Memory);
                _nextReport = 0;
                return;
            case LeaseOutcome.Returned:
                _notBefore = 0;
                break;
            case LeaseOutcome.Applied when answered is not null && _book.IsUrgent:
                // Asked for and not had, or not all told yet: again in a while, not at once.
                _notBefore = Milliseconds + (long)(AskAgain * (0.5 + (Backoff.Random() / 2))).TotalMilliseconds;
                break;
            case LeaseOutcome.Applied:
                break;
            default:
                return;
        }

        _book.Prune(clock.Nanoseconds / LeaseNanoseconds);
        vault.TryKeep(_book.Memory);
        status.Told(_book.Asked, _book.Keys, Budgets());
    }

    private const long LeaseNanoseconds = 1_000_000_000;

    private void Suspend(long now)
    {
        var silent = now - _lastGood > (long)Patience.TotalMilliseconds;
        if (silent == _suspended)
        {
            return;
        }

        _suspended = silent;
        _leases.Suspend(silent);
        if (silent)
        {
            LeaseLog.Suspended(logger, (long)Patience.TotalSeconds);
        }
    }

    private List<LeaseBudgetReport> Budgets() =>
        [.. _book.Held().GroupBy(held => held.Budget, held => held.Figures, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => new LeaseBudgetReport(
            group.Key,
            group.Count(),
            group.Sum(figures => figures.Standing + figures.Granted - figures.Returned) / MicroUnits,
            group.Sum(figures => figures.Spent) / MicroUnits,
            group.Sum(figures => figures.Returned) / MicroUnits))];
}
