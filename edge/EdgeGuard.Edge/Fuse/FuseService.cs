using EdgeGuard.Edge.Bundles;
using EdgeGuard.Edge.Takeover;

namespace EdgeGuard.Edge.Fuse;

/// <summary>Looks at the fuse once a second, and has the bundle before put in force again when it trips.</summary>
internal sealed class FuseService(SafetyFuse fuse, BundleActivator activator, Ownership ownership, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ownership.Owned.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(LookEvery, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (fuse.Look() is { } trip)
            {
                activator.Revert(trip);
            }
        }
    }
}
