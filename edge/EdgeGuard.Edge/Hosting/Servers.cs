using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.Forwarding;
using EdgeGuard.Edge.Lane;
using EdgeGuard.Edge.Probes;
using EdgeGuard.Edge.Proxy;
using EdgeGuard.Edge.Takeover;
using EdgeGuard.Logging;
using EdgeGuard.Options;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace EdgeGuard.Edge.Hosting;

/// <summary>Builds the two web servers of the edge: doors, and probes. Probes have their own, so that they answer while the doors drain.</summary>
internal static class Servers
{
    /// <summary>How long requests in flight may take once the process has to end.</summary>
    public static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(30);

    /// <summary>How long a body may be slower than <c>clients.min_rate</c>.</summary>
    private static readonly TimeSpan SlowStart = TimeSpan.FromSeconds(5);

    /// <summary>A builder without any of the framework's own configuration: what is not in the edge's options has no effect.</summary>
    public static WebApplicationBuilder CreateBuilder(EdgeOptions options, SharedListeners listeners, bool isCounted)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "edgeguard-edge" });
        builder.WebHost.UseKestrelCore();
        builder.Services.AddSingleton<IConnectionListenerFactory>(provider => new SharedTransport(
            listeners,
            Listeners.RestrictSockets,
            isCounted,
            provider.GetRequiredService<ILoggerFactory>(),
            (kind, listener) => kind == LaneKind.Proxy
                ? new ForwardLoop(provider.GetRequiredService<ProxyLane>(), listener.Exit, provider.GetRequiredService<TimeProvider>())
                : new DecisionLoop(provider.GetRequiredService<DecisionLane>(), listener.Exit, provider.GetRequiredService<TimeProvider>())));
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = DrainLimit);
        AddLogging(builder.Logging, options.LogLevel);
        return builder;
    }

    /// <summary>Sets limits that hold for every listener.</summary>
    public static void Configure(KestrelServerOptions server, ClientOptions clients)
    {
        server.AddServerHeader = false;
        server.Limits.RequestHeadersTimeout = clients.HeaderTimeout;
        server.Limits.KeepAliveTimeout = clients.IdleTimeout;
        server.Limits.MinRequestBodyDataRate = server.Limits.MinResponseDataRate =
            clients.MinRate == 0 ? null : new MinDataRate(clients.MinRate, SlowStart);
        server.Limits.MaxConcurrentConnections = clients.MaxConnections == 0 ? null : clients.MaxConnections;

        // Bodies are streamed through, never kept; how large they may be is the upstream's matter.
        server.Limits.MaxRequestBodySize = null;

        // Upstream headers are passed on byte for byte.
        server.ResponseHeaderEncodingSelector = static _ => System.Text.Encoding.Latin1;
        server.RequestHeaderEncodingSelector = static name => LengthText.For(name)!;
    }

    /// <summary>Makes a server none whose listeners are all off.</summary>
    public static void SilenceIfOff(WebApplicationBuilder builder, params ReadOnlySpan<string> addresses)
    {
        foreach (var address in addresses)
        {
            if (address != "off")
            {
                return;
            }
        }

        builder.Services.AddSingleton<IServer, SilentServer>();
    }

    /// <summary>Leads proxy and decision listeners to their doors, and nowhere else.</summary>
    public static void MapDoors(WebApplication app, EdgeOptions options)
    {
        var listeners = app.Services.GetRequiredService<SharedListeners>();
        app.Use(next => context =>
        {
            if (listeners.IsPaused)
            {
                // Clients come back on a new connection, which the process that takes over accepts.
                context.Response.Headers.Connection = "close";
            }

            return next(context);
        });
        var probes = app.Services.GetRequiredService<DoorProbes>();
        app.MapWhen(context => context.Door() is { } door && (door.IsDecision || door.IsProxy) && DoorProbes.IsOne(context), branch => branch.Run(probes.HandleAsync));
        var decisions = app.Services.GetRequiredService<DecisionDoor>();
        app.MapWhen(
            context => context.Door() is { IsDecision: true },
            branch => branch.Run(decisions.HandleAsync));
        if (options.Listen.Redirect != "off")
        {
            var redirect = app.Services.GetRequiredService<RedirectDoor>();
            app.MapWhen(context => ReferenceEquals(context.Door(), DoorTag.Redirect), branch => branch.Run(redirect.HandleAsync));
        }

        if (!options.Listen.HasProxy)
        {
            return;
        }

        var proxy = app.Services.GetRequiredService<ProxyDoor>();
        var failover = app.Services.GetRequiredService<Failover>();
        app.MapWhen(context => context.Door() is { IsProxy: true }, branch =>
        {
            branch.Use(next => context => proxy.HandleAsync(context, next));
            branch.UseRouting();
            branch.UseEndpoints(endpoints => endpoints.MapReverseProxy(pipeline =>
            {
                pipeline.Use(next => context => proxy.ChooseCluster(context, next));
                pipeline.Use(next => context => failover.RunAsync(context, next));
                pipeline.UseLoadBalancing();
                if (options.Clusters.Values.Any(ProxyConfiguration.IsWatched))
                {
                    pipeline.UsePassiveHealthChecks();
                }
            }));
        });
    }

    // Requests are never logged by the framework: its messages name targets with their query and addresses.
    private static void AddLogging(ILoggingBuilder logging, string level)
    {
        CompactJsonFormatter.AddTo(logging);
        logging.SetMinimumLevel(Enum.TryParse<LogLevel>(level, ignoreCase: true, out var parsed) ? parsed : LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);

        // It tells of requests, and of a failed start, which is thrown too. While anybody might listen the framework begins an activity and a log scope for each request, for
        // nothing: what is logged carries neither.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        logging.AddFilter("System", LogLevel.Warning);
        logging.AddFilter("Yarp", LogLevel.Error);
    }
}
