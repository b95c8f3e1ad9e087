using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Signing;
using EdgeGuard.Bundles.Validation;
using EdgeGuard.Contracts;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace EdgeGuard.Edge.Tests.Support;

/// <summary>
/// A control plane of the wire only: real Kestrel with TLS and HTTP/2 on a free port, real signatures, and every byte of a request kept.
/// It can be stopped and started again on the same port.
/// </summary>
internal sealed class FakeControlPlane : IAsyncDisposable
{
    public const string EdgeId = "edge-1";
    public const string Token = "egt_0123456789012345678901234567890123456789012";

    private readonly TestCertificates _certificates;
    private readonly ConcurrentQueue<string> _first = new();
    private WebApplication? _app;
    private readonly Channel<string> _events = Channel.CreateUnbounded<string>();
    private CancellationTokenSource _cut = new();

    private FakeControlPlane(TestCertificates certificates) => _certificates = certificates;

    public SigningKey Key { get; } = new("k1", RandomNumberGenerator.GetBytes(32));

    public string Lineage { get; set; } = "line-1";

    public long Epoch { get; set; } = 1;

    public int Port { get; private set; }

    /// <summary>Names in the certificate from the next start on; none for those of this machine.</summary>
    public string[] CertificateNames { get; set; } = [];

    public string Url => $"https://localhost:{Port}";

    /// <summary>How often a heartbeat is promised; none is sent by itself.</summary>
    public int HeartbeatSeconds { get; set; } = 300;

    /// <summary>Status that telemetry is answered with, after the batch was counted or not.</summary>
    public Func<int> TelemetryStatus { get; set; } = () => 204;

    public Recorder<SessionRequest> Sessions { get; } = new();

    public Recorder<string> Streams { get; } = new();

    public Recorder<Ack> Acks { get; } = new();

    public Recorder<byte[]> Batches { get; } = new();

    /// <summary>Method, target, headers and body of every request, as text.</summary>
    public Recorder<string> Requests { get; } = new();

    public Recorder<string> Connections { get; } = new();

    public Recorder<string> NotModified { get; } = new();

    public ConcurrentDictionary<long, (string Document, string Digest)> Bundles { get; } = new();

    public static async Task<FakeControlPlane> StartAsync(TestCertificates certificates)
    {
        var plane = new FakeControlPlane(certificates);
        await plane.StartAsync();
        return plane;
    }

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(server => server.Listen(IPAddress.Loopback, Port, listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.UseHttps(_certificates.IssueServer(CertificateNames));
        }));
        _app = builder.Build();
        _cut = new CancellationTokenSource();
        _app.Run(AnswerAsync);
        await _app.StartAsync();
        Port = new Uri(_app.Urls.Single()).Port;
    }

    public async Task StopAsync()
    {
        if (_app is { } app)
        {
            _app = null;
            await _cut.CancelAsync();
            await app.StopAsync(new CancellationToken(canceled: true));
            await app.DisposeAsync();
        }
    }

    /// <summary>Aborts the present stream.</summary>
    public void Cut() => Interlocked.Exchange(ref _cut, new CancellationTokenSource()).Cancel();

    /// <summary>Ends the present stream in good order, as a control plane does that stops.</summary>
    public void EndStream() => _events.Writer.TryWrite(string.Empty);

    /// <summary>Sent first on every stream from now on.</summary>
    public void Greet(string kind, string data) => _first.Enqueue(Event(kind, data));

    /// <summary>Sent on the present stream, or on the next one.</summary>
    public void Send(string kind, string data) => _events.Writer.TryWrite(Event(kind, data));

    public string KillSet(long sequence, params KillSwitchDefinition[] switches) =>
        Sign(DocumentType.KillSwitches, sequence, BundleReader.WriteKillSwitches(switches));

    public string Sign(DocumentType type, long sequence, ReadOnlySpan<byte> payload, string audience = EdgeId, SigningKey? key = null) =>
        DocumentSigner.Sign(
            new DocumentHeader(
                type, (key ?? Key).Id, audience, Lineage, Epoch, sequence,
                DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()), null),
            payload,
            key ?? Key);

    public string Heartbeat(long sequence, long killSequence = 0) => Sign(
        DocumentType.Heartbeat, sequence,
        JsonSerializer.SerializeToUtf8Bytes(new HeartbeatPayload(Epoch, killSequence, 0, 0), ContractsJson.Default.HeartbeatPayload));

    /// <summary>Signs a bundle and announces it.</summary>
    public void Publish(long version, string json)
    {
        var built = BundleBuilder.Build(Encoding.UTF8.GetBytes(json), "bundle", ValidationContext.Unknown).Digest;
        var digest = built.Length > 0 ? built : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)));
        Bundles[version] = (Sign(DocumentType.Bundle, version, Encoding.UTF8.GetBytes(json)), digest);
        Send(StreamEvents.Bundle, Announcement(version));
    }

    public string Announcement(long version) => JsonSerializer.Serialize(
        new BundleAnnouncement(version, Bundles[version].Digest, EdgeRoutes.Bundle + version), ContractsJson.Default.BundleAnnouncement);

    public async ValueTask DisposeAsync() => await StopAsync();

    private static string Event(string kind, string data) => $"event: {kind}\ndata: {data}\n\n";

    private async Task AnswerAsync(HttpContext context)
    {
        var body = await ReadAsync(context.Request.Body);
        Record(context, body);
        if (context.Request.Headers.Authorization != "Bearer " + Token)
        {
            context.Response.StatusCode = 401;
            return;
        }

        var path = context.Request.Path.Value!;
        switch (path)
        {
            case EdgeRoutes.Session:
                Sessions.Add(JsonSerializer.Deserialize(body, ContractsJson.Default.SessionRequest)!);
                await context.Response.WriteAsync(JsonSerializer.Serialize(
                    new SessionGrant("s-1", "challenge-1", SessionRequest.CurrentProtocol, HeartbeatSeconds, 10), ContractsJson.Default.SessionGrant));
                break;
            case EdgeRoutes.Stream:
                await StreamAsync(context);
                break;
            case EdgeRoutes.Acks:
                foreach (var ack in JsonSerializer.Deserialize(body, ContractsJson.Default.AckBatch)!.Acks)
                {
                    Acks.Add(ack);
                }

                context.Response.StatusCode = 204;
                break;
            case EdgeRoutes.Telemetry:
                Batches.Add(body);
                context.Response.StatusCode = TelemetryStatus();
                break;
            default:
                await BundleAsync(context, path);
                break;
        }
    }

    private async Task StreamAsync(HttpContext context)
    {
        if (context.Request.Headers[EdgeRoutes.SessionHeader] != "s-1" ||
            context.Request.Headers[EdgeRoutes.ProofHeader] != KeyDerivation.Prove(Key, "challenge-1", EdgeId))
        {
            context.Response.StatusCode = 403;
            return;
        }

        var cut = _cut.Token;
        context.Response.ContentType = "text/event-stream";
        foreach (var first in _first)
        {
            await context.Response.WriteAsync(first);
        }

        await context.Response.Body.FlushAsync(cut);
        Streams.Add(context.Connection.Id);
        try
        {
            await foreach (var next in _events.Reader.ReadAllAsync(cut))
            {
                if (next.Length == 0)
                {
                    return;
                }

                await context.Response.WriteAsync(next, cut);
                await context.Response.Body.FlushAsync(cut);
            }
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
    }

    private async Task BundleAsync(HttpContext context, string path)
    {
        if (!path.StartsWith(EdgeRoutes.Bundle, StringComparison.Ordinal) ||
            !Bundles.TryGetValue(long.Parse(path[EdgeRoutes.Bundle.Length..], System.Globalization.CultureInfo.InvariantCulture), out var bundle))
        {
            context.Response.StatusCode = 404;
            return;
        }

        var tag = $"\"{bundle.Digest}\"";
        context.Response.Headers.ETag = tag;
        if (context.Request.Headers.IfNoneMatch == tag)
        {
            NotModified.Add(path);
            context.Response.StatusCode = 304;
            return;
        }

        context.Response.ContentType = "application/jose";
        await context.Response.WriteAsync(bundle.Document);
    }

    private void Record(HttpContext context, byte[] body)
    {
        var text = new StringBuilder();
        text.Append(context.Request.Method).Append(' ').Append(context.Request.Path).Append(context.Request.QueryString).Append('\n');
        foreach (var (name, value) in context.Request.Headers)
        {
            text.Append(name).Append(": ").Append(value).Append('\n');
        }

        text.Append('\n').Append(Encoding.UTF8.GetString(body));
        Requests.Add(text.ToString());
        Connections.Add($"{context.Request.Protocol} {context.Features.Get<IConnectionIdFeature>()?.ConnectionId ?? context.Connection.Id}");
    }

    private static async Task<byte[]> ReadAsync(Stream body)
    {
        using var all = new MemoryStream();
        await body.CopyToAsync(all);
        return all.ToArray();
    }
}
