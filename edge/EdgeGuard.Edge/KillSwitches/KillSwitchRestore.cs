using EdgeGuard.Edge.Sync;

namespace EdgeGuard.Edge.KillSwitches;

/// <summary>Puts kept kill switches, revocations and API keys in force before the edge takes traffic, whatever state the control plane is in.</summary>
internal sealed class KillSwitchRestore(LocalKillSwitches local, IServiceProvider services) : IHostedService
{
    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        local.Restore();
        services.GetService<PushedKillSwitches>()?.Restore();
        services.GetService<RevocationSet>()?.Restore();
        services.GetService<ApiKeySet>()?.Restore();
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
