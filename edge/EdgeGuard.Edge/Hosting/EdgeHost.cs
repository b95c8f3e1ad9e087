using System.Collections.Immutable;
using EdgeGuard.Edge.Bundles;
using EdgeGuard.Edge.Counters;
using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.Exchanges;
using EdgeGuard.Edge.KillSwitches;
using EdgeGuard.Edge.Lane;
using EdgeGuard.Edge.Probes;
using EdgeGuard.Edge.State;
using EdgeGuard.Edge.Sync;
using EdgeGuard.Edge.Takeover;
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
    private readonly TakenOver? _takenOver;
    private int _stopped;

    private EdgeHost(
        TakenOver? takenOver,
        WebApplication doors,
        WebApplication probes,
        StateDirectory state,
        CounterStore counters,
        ImmutableArray<(DoorTag Door, string Address)> listening)
    {
        _takenOver = takenOver;
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

    /// <summary>Ends once another process has taken over; this one has to <see cref="DrainAsync"/> then.</summary>
    public Task GivenAway => Services.GetRequiredService<Handover>().GivenAway;

    /// <summary>Address of a door, such as <c>http://127.0.0.1:41234</c>; null when it is off.</summary>
    public string? AddressOf(DoorTag door) => Listening.Where(entry => ReferenceEquals(entry.Door, door)).Select(entry => entry.Address).FirstOrDefault();

    /// <summary>Starts an edge: state, bundle, probes, doors.</summary>
    /// <exception cref="StartException">Something stands in the way.</exception>
    public static async Task<EdgeHost> StartAsync(EdgeOptions options, EdgeHostSettings? settings = null)
    {
        settings ??= new EdgeHostSettings();
        var state = OpenState(options, settings.Inheritance);
        CounterStore? counters = null;
        WebApplication? doors = null;
        WebApplication? probes = null;
        try
        {
            var doorListeners = new Listeners(settings.Inheritance);
            var shared = new SharedListeners();
            var bundles = new BundlePreparation(options, new BundleVerifier(options, ConfiguredKeys.Read(options)), settings.Time);
            bundles.BeginEarly(state);
            counters = OpenCounters(options, settings, state);
            doors = BuildDoors(options, settings, state, counters, bundles, doorListeners, shared);
            TellProblems(state, doors.Logger);
            var probeListeners = new Listeners(settings.Inheritance);
            probes = BuildProbes(options, doors.Services.GetRequiredService<ProbesDoor>(), probeListeners, shared);
            FirstActivation.Run(doors.Services);
            await (settings.Inheritance?.ReadyAsync() ?? Task.CompletedTask);
            await Start(probes, probeListeners);
            await Start(doors, doorListeners);
            ImmutableArray<(DoorTag Door, string Address)> listening = [.. doorListeners.Bound(), .. probeListeners.Bound()];
            doors.Services.GetRequiredService<BoundAddresses>().Set(listening);
            doorListeners.NameAll(shared);
            probeListeners.NameAll(shared);
            var takenOver = settings.Inheritance is { } from ? await TakenOver.BeginAsync(from, counters.Table, doors.Logger) : null;
            doors.Services.GetRequiredService<Ownership>().Take(takenOver?.Ended ?? Task.CompletedTask);
            return new EdgeHost(takenOver, doors, probes, state, counters, listening);
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

    /// <summary>
    /// After another process has taken over: ends what is under way here, at most <see cref="Servers.DrainLimit"/> long, and stops. Slots that
    /// decision doors hold longer than that are given back early.
    /// </summary>
    /// <param name="hurry">Ends the wait.</param>
    public async Task DrainAsync(CancellationToken hurry)
    {
        const int Look = 20;
        var time = Services.GetRequiredService<TimeProvider>();
        var holds = Services.GetRequiredService<HoldQueue>();
        var directives = new DrainedDirectives(
            _state,
            Services.GetRequiredService<LocalKillSwitches>(),
            Services.GetService<PushedKillSwitches>(),
            Services.GetService<RevocationSet>(),
            Services.GetService<ApiKeySet>());
        using var limit = new CancellationTokenSource(Servers.DrainLimit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, hurry);
        try
        {
            while (Services.GetRequiredService<SharedListeners>().Open > 0 || holds.Count > 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(Look), time, both.Token);
                directives.Look();
            }
        }
        catch (OperationCanceledException)
        {
            // The rest ends as at any stop.
        }

        await StopAsync();
        holds.ReleaseAll();
        await Services.GetRequiredService<Handover>().DrainedAsync();
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
        _takenOver?.Dispose();
        await _doors.DisposeAsync();
        await _probes.DisposeAsync();
        _counters.Dispose();
        _state.Dispose();
    }

    private static StateDirectory OpenState(EdgeOptions options, Inheritance? inheritance)
    {
        try
        {
            return StateDirectory.Open(options.StateDir, options.EphemeralState, inheritance?.Lock);
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
            return settings.Inheritance is { } from
                ? CounterStore.Share(from.Counters, settings.Time, boot)
                : CounterStore.Open(state, options.CountersMemoryBytes, settings.Time, boot);
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

    private static WebApplication BuildDoors(
        EdgeOptions options,
        EdgeHostSettings settings,
        StateDirectory state,
        CounterStore counters,
        BundlePreparation bundles,
        Listeners listeners,
        SharedListeners shared)
    {
        var builder = Servers.CreateBuilder(options, shared, isCounted: true);
        builder.Services.AddSingleton(bundles);
        builder.Services.AddEdge(options, settings, state, counters, shared);
        Servers.SilenceIfOff(builder, options.Listen.Proxy, options.Listen.Decision, options.Listen.DecisionHttp2);
        builder.WebHost.ConfigureKestrel(server =>
        {
            Servers.Configure(server);
            listeners.Add(server, options.Listen.Proxy, DoorTag.Proxy, HttpProtocols.Http1);
            if (options.Listen.Proxy != "off" && (settings.ProxyLane ?? options.ProxyLane))
            {
                listeners.UseLane(DoorTag.Proxy, LaneKind.Proxy, shared);
            }

            listeners.Add(server, options.Listen.Decision, DoorTag.Decision, HttpProtocols.Http1);
            if (settings.DecisionLane)
            {
                listeners.UseLane(DoorTag.Decision, LaneKind.Decision, shared);
            }

            listeners.Add(server, options.Listen.DecisionHttp2, DoorTag.DecisionHttp2, HttpProtocols.Http2);
        });
        var app = builder.Build();
        Servers.MapDoors(app, options);
        return app;
    }

    private static WebApplication BuildProbes(EdgeOptions options, ProbesDoor door, Listeners listeners, SharedListeners shared)
    {
        var builder = Servers.CreateBuilder(options, shared, isCounted: false);
        Servers.SilenceIfOff(builder, options.Listen.Probes);
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
