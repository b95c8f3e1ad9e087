using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace EdgeGuard.Testing;

/// <summary>A real upstream on loopback, port 0, that records what it saw. Answers 200 <c>hello</c> unless told otherwise.</summary>
public sealed class FakeUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;
    private long _count;

    private FakeUpstream(WebApplication app) => _app = app;

    public Uri Address { get; private set; } = null!;

    /// <summary>What it answers; the request is recorded before.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = static context => context.Response.WriteAsync("hello");

    /// <summary>Off for load: then only <see cref="Count"/> rises.</summary>
    public bool Record { get; set; } = true;

    public Recorder<ReceivedRequest> Received { get; } = new();

    /// <summary>Requests that arrived.</summary>
    public long Count => Interlocked.Read(ref _count);

    public static async Task<FakeUpstream> StartAsync(X509Certificate2? tls = null, HttpProtocols? protocols = null, bool wantsCertificate = false)
    {
        WebApplication app = Loopback.CreateApp(tls, protocols: protocols, wantsCertificate: wantsCertificate);
        FakeUpstream upstream = new(app);
        app.Run(upstream.HandleAsync);
        await app.StartAsync();
        upstream.Address = Loopback.AddressOf(app);
        return upstream;
    }

    public async ValueTask DisposeAsync()
    {
        // A request that a test left hanging must not hold up its end.
        using CancellationTokenSource now = new();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        Interlocked.Increment(ref _count);
        if (Record)
        {
            using MemoryStream body = new();
            await context.Request.Body.CopyToAsync(body);
            Received.Add(new ReceivedRequest(
                context.Request.Method,
                context.Features.Get<IHttpRequestFeature>()!.RawTarget,
                context.Request.Headers.ToDictionary(
                    header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                body.ToArray()));
        }

        await Answer(context);
    }
}
