using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using EdgeGuard.ControlPlane.Auth;
using EdgeGuard.ControlPlane.Data;
using EdgeGuard.ControlPlane.Stream;
using EdgeGuard.Logging;
using EdgeGuard.Options;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace EdgeGuard.ControlPlane.Hosting;

/// <summary>A running control plane.</summary>
internal sealed class ControlPlaneHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ControlPlaneHost(WebApplication app, Uri address)
    {
        _app = app;
        Address = address;
    }

    /// <summary>Where it listens, <c>https://127.0.0.1:PORT</c> when it listens everywhere.</summary>
    public Uri Address { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Migrates the database and starts to listen.</summary>
    /// <param name="options">How it runs.</param>
    /// <param name="time">Clock.</param>
    /// <param name="configure">For tests: what they replace or add.</param>
    /// <param name="cancellation">Gives up starting.</param>
    /// <exception cref="ControlPlaneException">Anything that keeps it from running; the diagnostic says what to do.</exception>
    public static async Task<ControlPlaneHost> StartAsync(
        ControlPlaneOptions options, TimeProvider time, Action<IServiceCollection>? configure = null, CancellationToken cancellation = default)
    {
        Directory.CreateDirectory(options.DataDir);
        var keys = KeyMaterial.Load(options);
        var certificates = ServerCertificates.Load(options, time);
        var database = Database.From(options);
        await Migrator.MigrateAsync(database, time, cancellation);

        // Empty on purpose: no configuration file or variable of the framework changes how a control plane listens or logs.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        AddLogging(builder, options.LogLevel);
        builder.Services.AddSingleton(certificates).AddSingleton(time);
        builder.Services.AddControlPlane(options, keys, database);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10));
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => Listen(kestrel, options, certificates));
        configure?.Invoke(builder.Services);

        var app = builder.Build();
        Endpoints.Use(app);
        app.Lifetime.ApplicationStopping.Register(() => app.Services.GetRequiredService<DirectiveHub>().CloseAll("the control plane stops"));
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (IOException error) when (error.InnerException is AddressInUseException or SocketException)
        {
            await app.DisposeAsync();
            throw new ControlPlaneException(ControlPlaneCodes.ListenFailed, $"cannot listen on {options.Listen}: {error.InnerException.Message}",
                "stop what uses the port, or set another one with --listen host:port", error);
        }
        catch (SocketException error)
        {
            await app.DisposeAsync();
            throw new ControlPlaneException(ControlPlaneCodes.ListenFailed, $"cannot listen on {options.Listen}: {error.Message}",
                "use a port and address that this user and machine have", error);
        }

        return new ControlPlaneHost(app, Reachable(app));
    }

    /// <summary>Waits until the process is told to stop.</summary>
    public Task WaitAsync() => _app.WaitForShutdownAsync();

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static void Listen(KestrelServerOptions kestrel, ControlPlaneOptions options, ServerCertificates certificates)
    {
        if (!ListenAddress.TryParse(options.Listen, out var address) || address is null || address.IsOff || address.UnixPath is not null)
        {
            throw new ControlPlaneException(ControlPlaneCodes.ListenFailed, $"'{options.Listen}' is not host:port", "for example 127.0.0.1:8443");
        }

        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = RequestLimits.DefaultBodyBytes;
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.MaxConcurrentConnections = 20_000;
        // A peer that has gone without a word is noticed by a ping it does not answer.
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(20);
        kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
        void Secure(Microsoft.AspNetCore.Server.Kestrel.Core.ListenOptions listen)
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.UseHttps(https =>
            {
                https.SslProtocols = SslProtocols.Tls13;
                https.ServerCertificateSelector = (_, _) => certificates.Current;
                https.HandshakeTimeout = TimeSpan.FromSeconds(10);
            });
        }

        switch (address.Host)
        {
            case "*":
                kestrel.ListenAnyIP(address.Port, Secure);
                break;
            case "localhost":
                // Both families with a port of the system's choice would be two ports.
                kestrel.Listen(IPAddress.Loopback, address.Port, Secure);
                break;
            default:
                kestrel.Listen(IPAddress.Parse(address.Host), address.Port, Secure);
                break;
        }
    }

    private static Uri Reachable(WebApplication app)
    {
        var bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        var uri = new Uri(bound.Replace("//0.0.0.0:", "//127.0.0.1:", StringComparison.Ordinal).Replace("//[::]:", "//127.0.0.1:", StringComparison.Ordinal));
        return uri;
    }

    private static void AddLogging(WebApplicationBuilder builder, string level)
    {
        builder.Logging
            .SetMinimumLevel(level switch
            {
                "trace" => LogLevel.Trace,
                "debug" => LogLevel.Debug,
                "warning" => LogLevel.Warning,
                "error" => LogLevel.Error,
                _ => LogLevel.Information,
            })
            // The framework logs request paths and SQL at information; neither belongs in a log that is kept.
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("System", LogLevel.Warning);
        CompactJsonFormatter.AddTo(builder.Logging);
    }
}
