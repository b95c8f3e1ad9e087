using EdgeGuard.Edge.Admin;
using EdgeGuard.Edge.Answers;
using EdgeGuard.Edge.Bodies;
using EdgeGuard.Edge.Bounds;
using EdgeGuard.Edge.Bundles;
using EdgeGuard.Edge.Counters;
using EdgeGuard.Edge.DataFiles;
using EdgeGuard.Edge.Debug;
using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.Exchanges;
using EdgeGuard.Edge.Explain;
using EdgeGuard.Edge.Forwarding;
using EdgeGuard.Edge.Fuse;
using EdgeGuard.Edge.Grpc;
using EdgeGuard.Edge.Lane;
using EdgeGuard.Edge.Llm;
using EdgeGuard.Edge.Metrics;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Edge.Probes;
using EdgeGuard.Edge.Proxy;
using EdgeGuard.Edge.ProxyProtocol;
using EdgeGuard.Edge.Rejections;
using EdgeGuard.Edge.State;
using EdgeGuard.Edge.Sync;
using EdgeGuard.Edge.Takeover;
using EdgeGuard.Edge.Throttling;
using EdgeGuard.Edge.Tls;
using EdgeGuard.Edge.Tracing;
using EdgeGuard.Edge.Usage;
using EdgeGuard.Edge.Webhooks;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Identity;
using EdgeGuard.Identity.Keys;
using EdgeGuard.Identity.Revocations;
using EdgeGuard.Options;
using Microsoft.AspNetCore.DataProtection;
using Yarp.ReverseProxy.Forwarder;

namespace EdgeGuard.Edge.Hosting;

/// <summary>The composition root: what the edge is made of.</summary>
internal static class EdgeServices
{
    /// <summary>Adds every part of the edge.</summary>
    /// <param name="services">Where they go.</param>
    /// <param name="options">How this process runs.</param>
    /// <param name="settings">What a test replaces.</param>
    /// <param name="state">The state directory, open.</param>
    /// <param name="counters">The counters and their clock.</param>
    /// <param name="listeners">The listeners of this process.</param>
    public static void AddEdge(
        this IServiceCollection services, EdgeOptions options, EdgeHostSettings settings, StateDirectory state, CounterStore counters, SharedListeners listeners)
    {
        services.AddSingleton(options);
        services.AddSingleton(settings.Time);
        services.AddSingleton(state);
        services.AddSingleton(counters);
        services.AddSingleton(counters.Clock);
        services.AddSingleton(counters.Boot);
        services.AddSingleton(listeners);
        services.AddSingleton(new AdminInheritance(settings.Inheritance));
        services.AddSingleton(new Ownership(isOwner: settings.Inheritance is null));
        services.AddSingleton(new SessionLink { Id = settings.Inheritance?.Session });
        services.AddSingleton<Handover>();
        if (options.ControlPlaneUrl.Length > 0)
        {
            // From here on nothing of a fleet-wide budget is spent but by leases. Without a control plane such a bundle is refused.
            counters.Table.Leases.Require();
        }

        services.AddSingleton(counters.Table);
        services.AddSingleton<SnapshotHolder>();
        services.AddSingleton<BoundAddresses>();
        AddEngine(services);
        AddIdentity(services, options, settings);
        AddBundles(services, options, settings);
        AddDoors(services, options);
        AddTls(services);
        if (options.Listen.HasProxy)
        {
            AddProxy(services, options);
        }

        AddSync(services, options);
        services.AddEdgeAdmin(options);
        settings.Services?.Invoke(services);
    }

    private static void AddSync(IServiceCollection services, EdgeOptions options)
    {
        try
        {
            services.AddEdgeSync(options);
        }
        catch (SyncSetupException exception)
        {
            throw new StartException(ExitCode.Usage, exception.Diagnostics);
        }
    }

    private static void AddEngine(IServiceCollection services)
    {
        services.AddSingleton<DecisionEngine>();
        services.AddSingleton<DecisionMetrics>();
        AddMetricSource<DecisionMetrics>(services);
        services.AddSingleton<CounterMetrics>();
        AddMetricSource<CounterMetrics>(services);
    }

    private static void AddIdentity(IServiceCollection services, EdgeOptions options, EdgeHostSettings settings)
    {
        services.AddSingleton(new IdentityOptions
        {
            VerificationOff = options.JwtVerificationOff,
            FetchHosts = [.. options.FetchAllowedHosts.Select(host => host.ToLowerInvariant())],
            PrivateHosts = [.. options.FetchPrivateHosts.Select(host => host.ToLowerInvariant())],
            FailureBurst = (int)options.IdentityFailures.Burst,
            FailuresPerSecond = options.IdentityFailures.PerSecond,
        });
        services.AddSingleton(provider => new CallerVerifier(
            provider.GetRequiredService<IdentityOptions>(),
            settings.KeySetHandler ?? KeyFetchHandler.Create(provider.GetRequiredService<IdentityOptions>()),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<RevocationList>()));
        services.AddSingleton<RevocationList>();

        // Most bundles read no claim; then nothing of this is made, and no key set is fetched.
        services.AddSingleton(provider => new Lazy<CallerVerifier>(provider.GetRequiredService<CallerVerifier>));
        services.AddSingleton<IdentityMetrics>();
        AddMetricSource<IdentityMetrics>(services);
    }

    private static void AddBundles(IServiceCollection services, EdgeOptions options, EdgeHostSettings settings)
    {
        services.AddSingleton(provider => new ReferenceResolver(options, provider.GetRequiredService<IdentityOptions>(), settings.Environment));
        services.AddSingleton<BundleStatus>();
        services.AddSingleton<BundleMetrics>();
        AddMetricSource<BundleMetrics>(services);
        AddMetered<SafetyFuse>(services);
        services.AddSingleton<FuseGuard>();
        services.AddHostedService<FuseService>();
        services.AddSingleton<BundleActivator>();
        if (options.BundleFile.Length > 0)
        {
            services.AddSingleton<FileBundleSource>();
            services.AddHostedService(provider => provider.GetRequiredService<FileBundleSource>());
        }
    }

    private static void AddDoors(IServiceCollection services, EdgeOptions options)
    {
        services.AddSingleton(new ClientAddressReader(new TrustedProxies(options.TrustedProxies)));
        services.AddSingleton<DataFileSet>();
        services.AddSingleton<FactSources>();
        services.AddSingleton<NetworkFacts>();
        services.AddSingleton<DataFileMetrics>();
        AddMetricSource<DataFileMetrics>(services);
        services.AddHostedService<DataFileWatcher>();
        services.AddSingleton<FactFiller>();
        services.AddSingleton<RequestTracing>();
        services.AddSingleton<SettlementNotes>();
        services.AddSingleton<ExplainStore>();
        services.AddSingleton<DebugSessions>();
        services.AddSingleton<DebugHeaders>();
        services.AddSingleton<DebugDoor>();
        services.AddSingleton<DebugMetrics>();
        AddMetricSource<DebugMetrics>(services);
        services.AddSingleton<ExplainMetrics>();
        AddMetricSource<ExplainMetrics>(services);
        services.AddSingleton<ClientJitter>();
        services.AddSingleton<ClientScheme>();
        services.AddSingleton<AnswerReader>();
        AddMetered<Preflights>(services);
        services.AddSingleton<RequestBounds>();
        services.AddSingleton<ProbeJudge>();
        services.AddSingleton<DoorProbes>();
        services.AddSingleton<DoorMessenger>();
        services.AddSingleton<ProbeRunner>();
        services.AddSingleton<DecisionPipeline>();
        services.AddSingleton<RateLimitHeaders>();
        services.AddSingleton<RejectionWriter>();
        services.AddSingleton<AdmittedHeaders>();
        services.AddSingleton<RequestProbe>();
        services.AddSingleton<IncomingRequests>();
        services.AddSingleton<BodyBudget>();
        services.AddSingleton(VocabularyFiles.Read(options.Vocabularies));
        AddMetered<BodyReader>(services);
        AddMetered<WebhookMetrics>(services);
        services.AddSingleton<WebhookIntake>();
        services.AddSingleton<KillCheck>();
        AddMetered<BreakerMetrics>(services);
        AddMetered<UsageMetrics>(services);
        services.AddSingleton<UsageWatch>();
        services.AddSingleton<ProviderKeys>();
        services.AddSingleton<ModelForwarding>();
        services.AddSingleton<StreamEnforcement>();
        AddMetered<ActiveExchanges>(services);
        AddMetered<HoldQueue>(services);
        AddMetered<ThrottleGate>(services);
        services.AddSingleton<DecisionSecret>();
        services.AddSingleton<DecisionDoor>();
        services.AddSingleton<HeaderHygiene>();
        AddGrpc(services);
        services.AddSingleton<LaneAnswers>();
        services.AddSingleton<DecisionLane>();
        services.AddSingleton<ReadinessReport>();
        services.AddSingleton<ProcessMetrics>();
        AddMetricSource<ProcessMetrics>(services);
        services.AddSingleton<MetricsPage>();
        services.AddSingleton<ProbesDoor>();
    }

    private static void AddTls(IServiceCollection services)
    {
        AddMetered<CertificateSet>(services);
        services.AddSingleton<TlsDoors>();
        services.AddSingleton<UpstreamCertificates>();
        services.AddHostedService<CertificateWatcher>();
        services.AddSingleton<RedirectDoor>();
        AddMetered<ProxyProtocolDoors>(services);
    }

    private static void AddGrpc(IServiceCollection services)
    {
        services.AddSingleton<CheckRequests>();
        services.AddSingleton<AuthorizationService>();
        services.AddSingleton<DescriptorRequests>();
        services.AddSingleton<RateLimitService>();
        services.AddSingleton<HealthService>();
        services.AddSingleton<ReflectionService>();
        services.AddSingleton<GrpcDoor>();

        // It decides by the decision door, which leads to it.
        services.AddSingleton(provider => new Lazy<GrpcDoor>(provider.GetRequiredService<GrpcDoor>));
    }

    private static void AddProxy(IServiceCollection services, EdgeOptions options)
    {
        services.AddRoutingCore();
        services.AddSingleton<ReservedHeaders>();
        services.AddSingleton<ForwardingHeaders>();
        services.AddSingleton<ProxyDoor>();
        AddMetered<Failover>(services);
        services.AddSingleton<ResponseHeadWriter>();
        AddMetered<UpstreamPool>(services);
        services.AddSingleton<ProxyLane>();
        services.AddSingleton<IForwarderHttpClientFactory, UpstreamHandler.Factory>();
        services.AddReverseProxy()
            .LoadFromMemory(ProxyConfiguration.Routes, ProxyConfiguration.Clusters(options))
            .AddTransforms<ForwardedTransforms>();

        // The forwarder brings data protection for affinity cookies, which are not used; it would write keys into the home folder at start.
        services.AddSingleton<IDataProtectionProvider, EphemeralDataProtectionProvider>();
        foreach (var keys in services.Where(service => service.ServiceType == typeof(IHostedService) && IsDataProtection(service)).ToArray())
        {
            services.Remove(keys);
        }
    }

    private static bool IsDataProtection(ServiceDescriptor service) =>
        service.ImplementationType?.Assembly == typeof(EphemeralDataProtectionProvider).Assembly;

    private static void AddMetricSource<T>(IServiceCollection services)
        where T : class, IMetricSource => services.AddSingleton<IMetricSource>(provider => provider.GetRequiredService<T>());

    private static void AddMetered<T>(IServiceCollection services)
        where T : class, IMetricSource
    {
        services.AddSingleton<T>();
        AddMetricSource<T>(services);
    }
}
