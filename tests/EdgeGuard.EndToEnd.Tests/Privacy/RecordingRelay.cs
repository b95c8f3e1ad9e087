using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeGuard.EndToEnd.Tests.Privacy;

/// <summary>
/// Stands between an edge and its control plane as a man in the middle that the edge trusts: ends TLS and HTTP/2 on both sides, keeps every
/// request with headers and body, and passes all on unchanged, the stream of directives included.
/// </summary>
internal sealed class RecordingRelay : IAsyncDisposable
{
    private static readonly HashSet<string> OwnedByTheConnection =
        new(StringComparer.OrdinalIgnoreCase) { "Host", "Content-Length", "Transfer-Encoding", "Connection" };

    private readonly WebApplication _app;
    private readonly HttpClient _client;

    private RecordingRelay(WebApplication app, HttpClient client)
    {
        _app = app;
        _client = client;
    }

    public Recorder<RecordedRequest> Requests { get; } = new();

    public Uri Address { get; private set; } = null!;

    public static async Task<RecordingRelay> StartAsync(Uri controlPlane, string controlPlaneCaFile, X509Certificate2 certificate)
    {
        SocketsHttpHandler handler = new() { EnableMultipleHttp2Connections = true };
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(controlPlaneCaFile);
        HttpClient client = new(handler)
        {
            BaseAddress = controlPlane,
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        WebApplication app = Loopback.CreateApp(certificate, options => options.Limits.MinRequestBodyDataRate = null);
        RecordingRelay relay = new(app, client);
        app.Run(relay.PassOnAsync);
        await app.StartAsync();
        relay.Address = Loopback.AddressOf(app);
        return relay;
    }

    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource now = new();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        _client.Dispose();
    }

    private async Task PassOnAsync(HttpContext context)
    {
        using MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        Requests.Add(new RecordedRequest(
            context.Request.Method,
            context.Features.Get<IHttpRequestFeature>()!.RawTarget,
            context.Request.Protocol,
            string.Join('\n', context.Request.Headers.Select(header => $"{header.Key}: {header.Value}")),
            body.ToArray()));

        using HttpRequestMessage request = new(new HttpMethod(context.Request.Method), context.Features.Get<IHttpRequestFeature>()!.RawTarget)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (body.Length > 0 || !HttpMethods.IsGet(context.Request.Method))
        {
            request.Content = new ByteArrayContent(body.ToArray());
        }

        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in context.Request.Headers)
        {
            if (!OwnedByTheConnection.Contains(name) && !name.StartsWith(':') && !request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        using HttpResponseMessage response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        foreach ((string name, IEnumerable<string> values) in response.Headers.Concat(response.Content.Headers))
        {
            if (!OwnedByTheConnection.Contains(name))
            {
                context.Response.Headers[name] = values.ToArray();
            }
        }

        await StreamAsync(response, context);
    }

    private static async Task StreamAsync(HttpResponseMessage response, HttpContext context)
    {
        await context.Response.StartAsync(context.RequestAborted);
        await using Stream source = await response.Content.ReadAsStreamAsync(context.RequestAborted);
        byte[] buffer = new byte[16 * 1024];
        int read;
        while ((read = await source.ReadAsync(buffer, context.RequestAborted)) > 0)
        {
            // An event that waits in a buffer is a kill switch that is late.
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }
}
