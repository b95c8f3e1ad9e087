using EdgeGuard.Options;

namespace EdgeGuard.ControlPlane.Stream;

/// <summary>Beats on every stream at the configured interval, and forgets challenges that nobody answered.</summary>
internal sealed class HeartbeatService(DirectiveHub hub, PendingSessions pending, ControlPlaneOptions options, TimeProvider time) : BackgroundService
{
    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.HeartbeatInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            hub.Beat();
            pending.Prune();
        }
    }
}
