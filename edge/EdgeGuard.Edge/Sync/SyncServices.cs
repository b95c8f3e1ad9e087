using EdgeGuard.Edge.Bundles;
using EdgeGuard.Edge.KillSwitches;
using EdgeGuard.Edge.Leases;
using EdgeGuard.Edge.Metrics;
using EdgeGuard.Edge.State;
using EdgeGuard.Edge.Telemetry;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Sync;

/// <summary>Adds kill switches, telemetry and, for an edge that has one, the connection to its control plane.</summary>
internal static class SyncServices
{
    /// <summary>
    /// Adds them. Needs the options, a TimeProvider, the state directory, the snapshot holder and, when connected, the bundle activator.
    /// </summary>
    /// <exception cref="SyncSetupException">The options do not allow the connection that they ask for (EG3301).</exception>
    public static IServiceCollection AddEdgeSync(this IServiceCollection services, EdgeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var isConnected = options.ControlPlaneUrl.Length > 0;
        services.AddSingleton(provider => new SyncStatus(provider.GetRequiredService<TimeProvider>(), isConnected));
        services.AddSingleton(provider => new LocalKillSwitches(
            provider.GetRequiredService<StateDirectory>(),
            provider.GetRequiredService<SnapshotHolder>(),
            isConnected,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<LocalKillSwitches>>()));
        services.AddSingleton<ILocalKillReports>(provider => provider.GetRequiredService<LocalKillSwitches>());
        services.AddSingleton(provider => TelemetryStore.Open(
            provider.GetRequiredService<StateDirectory>(),
            options.EdgeId,
            isKept: isConnected,
            provider.GetRequiredService<ILocalKillReports>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => provider.GetRequiredService<TelemetryStore>().Recorder);
        services.AddSingleton<IDecisionRecorder>(provider => provider.GetRequiredService<DecisionRecorder>());
        services.AddHostedService<KillSwitchRestore>();
        services.AddSingleton<IMetricSource, SyncMetrics>();
        if (isConnected)
        {
            AddConnection(services, SyncSettings.Create(options));
        }
        else
        {
            services.AddHostedService<IntervalKeeper>();
        }

        return services;
    }

    private static void AddConnection(IServiceCollection services, SyncSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton<ControlPlaneHttp>();
        services.AddSingleton<AckQueue>();
        services.AddSingleton<DirectiveKeeper>();
        services.AddSingleton<PushedKillSwitches>();
        services.AddSingleton<PushedSetContext>();
        services.AddSingleton<RevocationSet>();
        services.AddSingleton<ApiKeySet>();
        services.AddSingleton<HeartbeatMonitor>();
        services.AddSingleton<BundleFetcher>();
        services.AddSingleton<LeaseReader>();
        services.AddSingleton<LeaseVault>();
        services.AddSingleton<LeaseStatus>();
        services.AddSingleton<LeaseService>();
        services.AddSingleton<IMetricSource, LeaseMetrics>();
        services.AddSingleton<DirectiveDispatcher>();
        services.AddSingleton<DirectiveStream>();
        services.AddSingleton<TelemetrySender>();
        services.AddHostedService(provider => provider.GetRequiredService<LeaseService>());
        services.AddHostedService<SyncService>();
        services.AddHostedService(provider => provider.GetRequiredService<TelemetrySender>());
    }
}
