using EdgeGuard.Contracts;
using EdgeGuard.Edge.State;
using EdgeGuard.Edge.Sync;
using EdgeGuard.Edge.Takeover;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Telemetry;

/// <summary>
/// Sends the frozen batch, and freezes the next one, once an interval, on demand, and when the edge stops. Never more than one batch is under
/// way; what could not be delivered waits for the next interval.
/// </summary>
internal sealed class TelemetrySender(
    TelemetryStore store, ControlPlaneHttp http, EdgeOptions options, Ownership ownership, TimeProvider time, ILogger<TelemetrySender> logger) : BackgroundService
{
    /// <summary>How long the edge waits at its stop for the last batch.</summary>
    private static readonly TimeSpan LastFlush = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly RefusalWatch _refusals = new(time);
    private long _sent;
    private long _setAside;
    private long _failed;

    /// <summary>Batches acknowledged since the process started.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Attempts that failed since the process started.</summary>
    public long Failed => Volatile.Read(ref _failed);

    /// <summary>Batches that were refused for good and set aside since the process started.</summary>
    public long SetAside => Volatile.Read(ref _setAside);

    /// <summary>Delivers what is frozen, and then what was counted since, as one more batch.</summary>
    public async Task<FlushResult> FlushAsync(CancellationToken cancellation)
    {
        // The batch that was frozen before, and one with everything up to now.
        const int MaxBatches = 2;
        if (!ownership.IsOwner)
        {
            return new FlushResult(0, null);
        }

        await _one.WaitAsync(cancellation);
        try
        {
            var delivered = 0;
            for (var i = 0; i < MaxBatches && store.Freeze() is { } batch; i++)
            {
                delivered += await DeliverAsync(batch, cancellation) ? 1 : 0;
            }

            return new FlushResult(delivered, null);
        }
        catch (Exception failure) when (failure is SyncFailure or StateException)
        {
            Interlocked.Increment(ref _failed);
            var problem = (failure as SyncFailure)?.Problem ?? ((StateException)failure).Diagnostic;
            SyncLog.TelemetryNotDelivered(logger, problem.ToString());
            return new FlushResult(0, problem);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>The bytes that are sent next: the frozen batch, or one frozen now. Null when there is nothing to send.</summary>
    /// <exception cref="StateException">The batch could not be kept, so it will not be sent.</exception>
    public async Task<FrozenBatch?> NextAsync(CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            return ownership.IsOwner ? store.Freeze() : null;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc />
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var patience = new CancellationTokenSource(LastFlush, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            await FlushAsync(both.Token);
        }
        catch (OperationCanceledException)
        {
            // It is frozen or counted on disk, and goes out at the next start.
        }
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _one.Dispose();
        base.Dispose();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ownership.Owned.WaitAsync(stoppingToken);

        // A random first wait keeps the batches of a fleet that was started together apart.
        await Task.Delay(options.TelemetryInterval * Backoff.Random(), time, stoppingToken);
        using var timer = new PeriodicTimer(options.TelemetryInterval, time);
        do
        {
            await FlushAsync(stoppingToken);
            store.EndInterval();
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    // Whether it was delivered; false for one that was set aside.
    private async Task<bool> DeliverAsync(FrozenBatch batch, CancellationToken cancellation)
    {
        try
        {
            await SendAsync(batch, cancellation);
        }
        catch (SyncFailure failure) when (failure.Problem.Code == SyncCodes.TelemetryRefused)
        {
            if (!_refusals.Count(batch))
            {
                throw;
            }

            var name = store.SetAside(batch);
            Interlocked.Increment(ref _failed);
            Interlocked.Increment(ref _setAside);
            SyncLog.TelemetrySetAside(logger, SyncProblem.Error(
                SyncCodes.TelemetrySetAside,
                $"batch {batch.Sequence} of epoch {batch.Epoch} was refused {RefusalWatch.LeastRefusals} times or more, is set aside as {name} in the state directory and will not be sent again",
                "use a control plane of this or the next release; the counts of the file are missing there").ToString());
            return false;
        }

        store.Acknowledge(batch);
        Interlocked.Increment(ref _sent);
        return true;
    }

    private async Task SendAsync(FrozenBatch batch, CancellationToken cancellation)
    {
        using var request = ControlPlaneHttp.Post(EdgeRoutes.Telemetry, batch.Bytes);
        using var response = await http.SendAsync(request, cancellation);
        if ((int)response.StatusCode is 400 or 413 or 422)
        {
            throw new SyncFailure(
                SyncProblem.Error(
                    SyncCodes.TelemetryRefused, $"the control plane does not take batch {batch.Sequence} of epoch {batch.Epoch} (status {(int)response.StatusCode})",
                    "use a control plane of this or the next release; the batch is kept, and later counts merge behind it"),
                isSlow: true);
        }

        ControlPlaneHttp.EnsureSuccess(response);
    }
}
