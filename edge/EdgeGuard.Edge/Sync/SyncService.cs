using EdgeGuard.Edge.Takeover;

namespace EdgeGuard.Edge.Sync;

/// <summary>Keeps a session with the control plane for as long as the edge runs.</summary>
internal sealed class SyncService(
    DirectiveStream stream,
    DirectiveKeeper keeper,
    BundleFetcher bundles,
    AckQueue acks,
    SyncStatus status,
    Ownership ownership,
    SharedListeners listeners,
    TimeProvider time,
    ILogger<SyncService> logger) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ownership.Owned.WaitAsync(stoppingToken);
        await Task.WhenAll(
            ConnectAsync(stoppingToken),
            EnduringAsync(keeper.RunAsync, stoppingToken),
            EnduringAsync(bundles.RunAsync, stoppingToken),
            EnduringAsync(acks.RunAsync, stoppingToken));
    }

    private async Task ConnectAsync(CancellationToken stopping)
    {
        var backoff = new Backoff();
        while (!stopping.IsCancellationRequested)
        {
            // A process that is being taken over, or was, keeps the session that it has until the other one goes on with it, and begins no other.
            while (listeners.IsPaused)
            {
                await Task.Delay(Look, time, stopping);
            }

            var failure = await RunSessionAsync(backoff, stopping);
            if (stopping.IsCancellationRequested)
            {
                return;
            }

            var wait = failure.EndedWell ? backoff.AfterGoodEnd() : backoff.Next(failure.IsSlow, failure.RetryAfter);
            status.Problem = failure.Problem;
            status.State = ConnectionState.Waiting;
            if (failure.IsSlow)
            {
                SyncLog.RefusedByControlPlane(logger, (long)wait.TotalMilliseconds, failure.Problem.ToString());
            }
            else
            {
                SyncLog.Disconnected(logger, (long)wait.TotalMilliseconds, failure.Problem.ToString());
            }

            await Task.Delay(wait, time, stopping);
        }
    }

    private async Task<SyncFailure> RunSessionAsync(Backoff backoff, CancellationToken stopping)
    {
        try
        {
            status.State = ConnectionState.Connecting;
            await stream.RunAsync(backoff.Reset, stopping);
            return new SyncFailure(SyncProblem.Error(
                SyncCodes.Unreachable, "the control plane ended the stream", "the edge opens it again; a control plane that restarts does this"), endedWell: true);
        }
        catch (SyncFailure failure)
        {
            return failure;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            SyncLog.Unexpected(logger, failure);
            return new SyncFailure(
                SyncProblem.Error(SyncCodes.UnexpectedAnswer, $"the session ended by {failure.GetType().Name}", "the log has the details; the edge tries again"),
                inner: failure);
        }
        catch (OperationCanceledException failure)
        {
            return new SyncFailure(SyncProblem.Error(SyncCodes.Unreachable, "the edge stops", string.Empty), inner: failure);
        }
    }

    // None of the workers may end by a defect while the edge goes on: it is logged, and the worker starts again after a moment.
    private async Task EnduringAsync(Func<CancellationToken, Task> worker, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await worker(stopping);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                SyncLog.Unexpected(logger, failure);
                await Task.Delay(TimeSpan.FromSeconds(1), time, stopping);
            }
        }
    }
}
