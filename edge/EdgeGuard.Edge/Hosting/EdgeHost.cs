using System.Collections.Immutable;
using EdgeGuard.Edge.Bundles;
using EdgeGuard.Edge.Counters;
using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.Probes;
using EdgeGuard.Edge.State;
using EdgeGuard.Edge.Sync;
using EdgeGuard.Options;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace EdgeGuard.Edge.Hosting;

/// <summary>A running edge.</summary>
internal sealed class EdgeHost : IAsyncDisposable
{
    private readonly WebApplication _doors;
    private readonly WebApplication _probes;
    private readonly StateDirectory _state;
    private readonly CounterStore _counters;
    private int _stopped;

    private EdgeHost(
        WebApplication doors,
        WebApplication probes,
        StateDirectory state,
        CounterStore counters,
        ImmutableArray<(DoorTag Door, string Address)> listening)
    {
        _counters = counters;
        _doors = doors;
        _probes = probes;
        _state = state;
        Listening = listening;
    }

    /// <summary>Every listener with its address as bound.</summary>
    public ImmutableArray<(DoorTag Door, string Address)> Listening { get; }

    /// <summary>The parts, for tests.</summary>
    public IServiceProvider Services => _doors.Services;

    /// <summary>Address of a door, such as <c>http://127.0.0.1:41234</c>; null when it is off.</summary>
    public string? AddressOf(DoorTag door) => Listening.Where(entry => ReferenceEquals(entry.Door, door)).Select(entry => entry.Address).FirstOrDefault();

    /// <summary>Starts an edge: state, bundle, probes, doors.</summary>
    /// <exception cref="StartException">Something stands in the way.</exception>
    public static async Task<EdgeHost> StartAsync(EdgeOptions options, EdgeHostSettings? settings = null)
    {
        settings ??= new EdgeHostSettings();
        var state = OpenState(options);
        CounterStore? counters = null;
        WebApplication? doors = null;
        WebApplication? probes = null;
        try
        {
            var doorListeners = new Listeners();
            counters = OpenCounters(options, settings, state);
            doors = BuildDoors(options, settings, state, counters, doorListeners);
            TellProblems(state, doors.Logger);
            var probeListeners = new Listeners();
            probes = BuildProbes(options, doors.Services.GetRequiredService<ProbesDoor>(), probeListeners);
            FirstActivation.Run(doors.Services);
            await Start(probes, probeListeners);
            await Start(doors, doorListeners);
            ImmutableArray<(DoorTag Door, string Address)> listening = [.. doorListeners.Bound(), .. probeListeners.Bound()];
            doors.Services.GetRequiredService<BoundAddresses>().Set(listening);
            return new EdgeHost(doors, probes, state, counters, listening);
        }
        catch
        {
            await Discard(doors);
            await Discard(probes);
            counters?.Dispose();
            state.Dispose();
            throw;
        }
    }

    /// <summary>Drains and stops: not ready at once, requests in flight finish within <see cref="Servers.DrainLimit"/>.</summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 0)
        {
            Services.GetRequiredService<ReadinessReport>().Drain();
            await _doors.StopAsync();
            await _probes.StopAsync();
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _doors.DisposeAsync();
        await _probes.DisposeAsync();
        _counters.Dispose();
        _state.Dispose();
    }

    private static StateDirectory OpenState(EdgeOptions options)
    {
        try
        {
            return StateDirectory.Open(options.StateDir, options.EphemeralState);
        }
        catch (StateException exception)
        {
            throw new StartException(ExitCode.Refused, [exception.Diagnostic]);
        }
    }

    private static CounterStore OpenCounters(EdgeOptions options, EdgeHostSettings settings, StateDirectory state)
    {
        var boot = settings.BootClock
            ?? (ReferenceEquals(settings.Time, TimeProvider.System) ? LinuxBootClock.TryCreate() : null)
            ?? (IBootClock)new ProviderBootClock(settings.Time);
        try
        {
            return CounterStore.Open(state, options.CountersMemoryBytes, settings.Time, boot);
        }
        catch (StateException exception)
        {
            throw new StartException(ExitCode.Refused, [exception.Diagnostic]);
        }
    }

    // /readyz names only the reason; whoever reads the log needs what to do about it.
    private static void TellProblems(StateDirectory state, ILogger logger)
    {
        foreach (var problem in state.Problems)
        {
            SyncLog.StateProblem(logger, problem.ToString());
        }
    }

    private static WebApplication BuildDoors(EdgeOptions options, EdgeHostSettings settings, StateDirectory state, CounterStore counters, Listeners listeners)
    {
        var builder = Servers.CreateBuilder(options);
        builder.Services.AddEdge(options, settings, state, counters);
        builder.WebHost.ConfigureKestrel(server =>
        {
            Servers.Configure(server);
            listeners.Add(server, options.Listen.Proxy, DoorTag.Proxy, HttpProtocols.Http1);
            listeners.Add(server, options.Listen.Decision, DoorTag.Decision, HttpProtocols.Http1);
            listeners.Add(server, options.Listen.DecisionHttp2, DoorTag.DecisionHttp2, HttpProtocols.Http2);
        });
        var app = builder.Build();
        Servers.MapDoors(app, options);
        return app;
    }

    private static WebApplication BuildProbes(EdgeOptions options, ProbesDoor door, Listeners listeners)
    {
        var builder = Servers.CreateBuilder(options);
        builder.WebHost.ConfigureKestrel(server =>
        {
            Servers.Configure(server);
            listeners.Add(server, options.Listen.Probes, DoorTag.Probes, HttpProtocols.Http1);
        });
        var app = builder.Build();
        app.Run(door.HandleAsync);
        return app;
    }

    private static async Task Start(WebApplication app, Listeners listeners)
    {
        try
        {
            await app.StartAsync();
        }
        catch (IOException exception)
        {
            throw listeners.CannotBind(exception);
        }
    }

    private static async Task Discard(WebApplication? app)
    {
        if (app is not null)
        {
            await app.DisposeAsync();
        }
    }
}
