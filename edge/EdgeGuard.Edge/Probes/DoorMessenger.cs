using System.Collections.Immutable;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.ProxyProtocol;
using EdgeGuard.Edge.Takeover;
using EdgeGuard.Edge.Tls;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Probes;

/// <summary>
/// Sends probes to this edge's own listeners, over a connection of its own for each, and compares what comes back: accepting, TLS, HTTP, the way to the door
/// and the way back all have to work. Not asked are listeners that speak the PROXY protocol or demand client certificates: they let nobody in but those whom
/// they know.
/// </summary>
internal sealed class DoorMessenger : IDisposable
{
    /// <summary>How long a listener may take; whoever asks for readiness waits less.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly BoundAddresses _addresses;
    private readonly CertificateSet _certificates;
    private readonly SharedListeners _listeners;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly DoorProbes _probes;
    private readonly TimeProvider _time;
    private readonly Lazy<HttpMessageInvoker> _client;

    public DoorMessenger(
        EdgeOptions options, BoundAddresses addresses, CertificateSet certificates, SharedListeners listeners, IHostApplicationLifetime lifetime, DoorProbes probes, TimeProvider time)
    {
        (_addresses, _certificates, _listeners, _lifetime, _probes, _time) = (addresses, certificates, listeners, lifetime, probes, time);
        Doors = [.. DoorsOf(options)];
        _client = new Lazy<HttpMessageInvoker>(() => new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,

            // A connection for each: what is kept open says nothing of those that are to come.
            PooledConnectionLifetime = TimeSpan.Zero,
            ConnectCallback = ConnectAsync,
        }));
    }

    /// <summary>The listeners that are asked.</summary>
    public ImmutableArray<DoorTag> Doors { get; }

    /// <summary>
    /// Names of the listeners that did not answer as was decided; none while they are given to another process or close, because whoever answers then is not
    /// this process.
    /// </summary>
    /// <param name="snapshot">What to decide by.</param>
    /// <param name="probes">Probes, each decided as it must be already.</param>
    public async Task<ImmutableArray<string>> FailedAsync(PolicySnapshot snapshot, IReadOnlyList<ProbeDefinition> probes)
    {
        var failed = ImmutableArray.CreateBuilder<string>();
        foreach (var door in Doors)
        {
            foreach (var probe in probes)
            {
                if (_listeners.IsPaused || _listeners.IsGivenAway || _lifetime.ApplicationStopping.IsCancellationRequested)
                {
                    return [];
                }

                if (!await PassesAsync(door, probe, snapshot))
                {
                    failed.Add(door.Name);
                    break;
                }
            }
        }

        return failed.ToImmutable();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (_client.IsValueCreated)
        {
            _client.Value.Dispose();
        }
    }

    private static IEnumerable<DoorTag> DoorsOf(EdgeOptions options) =>
        from entry in new (DoorTag Door, string Address, bool Demands)[]
        {
            (DoorTag.Proxy, options.Listen.Proxy, false),
            (DoorTag.ProxyTls, options.Listen.ProxyTls, options.Tls.ClientCertificates == "required"),
            (DoorTag.Decision, options.Listen.Decision, false),
            (DoorTag.DecisionHttp2, options.Listen.DecisionHttp2, false),
            (DoorTag.DecisionTls, options.Listen.DecisionTls, options.Tls.DecisionTrustFile.Length > 0),
        }
        where entry.Address != "off" && !entry.Demands
            && !(ProxyProtocolDoors.OptionOf(entry.Door) is { } option && options.ProxyProtocol.Listeners.Contains(option))
        select entry.Door;

    private async Task<bool> PassesAsync(DoorTag door, ProbeDefinition probe, PolicySnapshot snapshot)
    {
        using var patience = new CancellationTokenSource(Patience, _time);
        var pending = _probes.Begin(door, probe, snapshot);
        try
        {
            using var question = QuestionOf(pending);
            using var answer = await _client.Value.SendAsync(question, patience.Token);
            return pending.IsAnswered
                && answer.Headers.TryGetValues(DoorProbes.Header, out var verdict)
                && verdict.SequenceEqual([Verdicts.Name(probe.ExpectsAllow ? Verdict.Allow : Verdict.Reject)])
                && (int)answer.StatusCode is >= 200 and < 300 == probe.ExpectsAllow;
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or OperationCanceledException or SocketException or System.Security.Authentication.AuthenticationException)
        {
            return false;
        }
        finally
        {
            _probes.End();
        }
    }

    private static HttpRequestMessage QuestionOf(PendingProbe pending)
    {
        var (door, request) = (pending.Door, pending.Probe.Request);
        var isHttp2 = ReferenceEquals(door, DoorTag.DecisionHttp2);
        var target = door.IsDecision ? DecisionRequests.Original : request.Path;
        var question = new HttpRequestMessage(
            door.IsDecision ? HttpMethod.Get : new HttpMethod(request.Method),
            new Uri($"http://{door.Name}{target}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }))
        {
            Version = isHttp2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (door.IsDecision)
        {
            Add(question, "X-Original-Method", request.Method);
            Add(question, "X-Original-URI", request.Path);
            Add(question, "X-Original-Host", request.Host);
        }
        else
        {
            question.Headers.Host = request.Host;
        }

        foreach (var (name, value) in request.Headers)
        {
            Add(question, name, value);
        }

        Add(question, DoorProbes.Header, pending.Mark);
        if (!isHttp2)
        {
            Add(question, "Connection", "Upgrade");
            Add(question, "Upgrade", DoorProbes.Protocol);
        }

        return question;
    }

    private static void Add(HttpRequestMessage question, string name, string value) => question.Headers.TryAddWithoutValidation(name, value);

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var door = Doors.First(one => one.Name == context.DnsEndPoint.Host);
        var endpoint = EndPointOf(_addresses.Of(door, string.Empty)) ?? throw new IOException("the listener is not bound yet");
        var socket = endpoint is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endpoint, cancellation);
            var stream = new NetworkStream(socket, ownsSocket: true);
            return door.IsTls ? await SecureAsync(stream, cancellation) : stream;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

#pragma warning disable CA5359 // Whose certificate it is does not matter: that this process answers is known by the mark, and nothing secret is sent.
    private async Task<Stream> SecureAsync(NetworkStream stream, CancellationToken cancellation)
    {
        var secured = new SslStream(stream);
        await secured.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = _certificates.AnyHost() ?? throw new IOException("no certificate is for any name"),
                RemoteCertificateValidationCallback = static (_, _, _, _) => true,
                ApplicationProtocols = [SslApplicationProtocol.Http11],
            },
            cancellation);
        return secured;
    }
#pragma warning restore CA5359

    // Who listens on every address does so on loopback.
    private static EndPoint? EndPointOf(string address)
    {
        const string Unix = "unix:";
        if (address.StartsWith(Unix, StringComparison.Ordinal))
        {
            return new UnixDomainSocketEndPoint(address[Unix.Length..]);
        }

        return !IPEndPoint.TryParse(address, out var endpoint) ? null
            : endpoint.Address.Equals(IPAddress.Any) || endpoint.Address.Equals(IPAddress.IPv6Any) ? new IPEndPoint(IPAddress.Loopback, endpoint.Port)
            : endpoint;
    }
}
