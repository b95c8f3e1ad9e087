using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Conformance.Tests.Support;
using EdgeGuard.Edge.Bundles;
using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Takeover;
using EdgeGuard.Edge.Telemetry;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Identity;
using EdgeGuard.Options;
using EdgeGuard.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGuard.Conformance.Tests.Doors;

/// <summary>
/// A real edge on free ports for many cases: bundles are swapped and counters emptied between them. Its upstream holds requests that a case
/// wants to be in flight.
/// </summary>
internal sealed class CaseEdge : IAsyncDisposable
{
    private const string Warmup = """
        format: edgeguard/v1
        bundle_version: 1
        issuers:
          - {id: login, issuer: https://login.example, audiences: [conformance], algorithms: [ES256], jwks_url: https://login.example/jwks.json}
        webhooks:
          - {id: github, scheme: github, secrets: ['${env:CONFORMANCE_WEBHOOK}']}
          - {id: stripe, scheme: stripe, secrets: ['${env:CONFORMANCE_WEBHOOK}']}
          - {id: slack, scheme: slack, secrets: ['${env:CONFORMANCE_WEBHOOK}']}
          - {id: standard, scheme: standard_webhooks, secrets: ['${env:CONFORMANCE_WEBHOOK}']}
        api_keys:
          - {id: free, kind: secret, sha256: e8866b63c9e140de2a6d7f368ad1106fef0f165cfee1fff636d4b18473411cc8, organization: small, plan: free}
          - {id: pro, kind: secret, sha256: 6dbb3d1726a8ac4594d75a3bc33ac906a1b938f23ec45f814955384bd75124f3, organization: large, plan: pro}
          - {id: planless, kind: secret, sha256: 2965c3eb89d8600a71a51d38a47bd89958d5c5bd273ecf064e075b363b6bdf09, organization: other}
        policies:
          - id: warm-up
            spec:
              selector: {pathPrefix: /}
              rules:
                - {name: r, limit_keys: ['jwt:sub'], algorithm: token_bucket, algorithm_config: {tokens_per_second: 1000, burst: 1000}}
        """;

    private readonly TempFolder _folder = new();
    private readonly FakeUpstream _upstream;
    private readonly EdgeHost _host;
    private readonly DecisionEngine _engine;

    private CaseEdge(TempFolder folder, FakeUpstream upstream, EdgeHost host, CaseClock clock, Login login, LastDecision last)
    {
        _folder = folder;
        _upstream = upstream;
        _host = host;
        _engine = host.Services.GetRequiredService<DecisionEngine>();
        Clock = clock;
        Login = login;
        Last = last;
        Proxy = ClientOf(DoorTag.Proxy);
        Decision = ClientOf(DoorTag.Decision);
        DecisionAddress = host.AddressOf(DoorTag.Decision) ?? string.Empty;
        Http2 = ClientOf(DoorTag.DecisionHttp2);
        upstream.Answer = HoldAsync;
    }

    public CaseClock Clock { get; }

    public Login Login { get; }

    public LastDecision Last { get; }

    public HttpClient Proxy { get; }

    public HttpClient Decision { get; }

    public HttpClient Http2 { get; }

    /// <summary>Where gateways ask: <c>unix:/path</c> or an address.</summary>
    public string DecisionAddress { get; }

    /// <summary>What gateways forward to.</summary>
    public FakeUpstream Upstream => _upstream;

    /// <summary>Where gRPC is spoken.</summary>
    public Uri GrpcAddress => new(_host.AddressOf(DoorTag.DecisionHttp2)!);

    /// <summary>Tokens that the next forwarded request's answer says were used, or null when it says nothing.</summary>
    public long? Usage { get; set; }

    /// <summary>What the next forwarded request waits for at the upstream, or null.</summary>
    public UpstreamHold? Hold { get; set; }

    /// <summary>Connections that the decision lane has left to the web server; each request has one of its own.</summary>
    public long HandedOver => _host.Services.GetRequiredService<SharedListeners>().HandedOver;

    /// <summary>Questions sent to the HTTP/1.1 decision listener that the lane is to answer by itself.</summary>
    public int Usual { get; private set; }

    /// <summary>Questions sent there with a body, which a policy may look at.</summary>
    public int WithBody { get; private set; }

    /// <summary>Notes a question that is sent.</summary>
    public void Note(HttpRequestMessage question)
    {
        if (question.Content is null)
        {
            Usual++;
        }
        else
        {
            WithBody++;
        }
    }

    /// <summary>Admitted requests that the edge has not yet seen the end of.</summary>
    public int Open => _engine.OpenAdmissions;

    /// <summary>Starts an edge that knows the suite's issuer, whose trusted proxy is the case itself or nobody.</summary>
    public static async Task<CaseEdge> StartAsync(bool trusted, bool onSocket = false)
    {
        var edge = await StartEmptyAsync(trusted, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), onSocket);
        Assert.DoesNotContain(await edge.ActivateAsync(Encoding.UTF8.GetBytes(Warmup)), problem => problem.Severity == Severity.Error);
        return edge;
    }

    /// <summary>Starts an edge without a bundle.</summary>
    public static async Task<CaseEdge> StartEmptyAsync(bool trusted, DateTimeOffset start, bool onSocket = false)
    {
        var folder = new TempFolder();
        var upstream = await FakeUpstream.StartAsync();
        upstream.Record = false;
        var clock = new CaseClock(start);
        var login = new Login();
        var last = new LastDecision();
        var settings = new EdgeHostSettings
        {
            Time = clock,
            BootClock = clock,
            KeySetHandler = login,
            Environment = name => name == WebhookSigner.Variable ? WebhookSigner.Secret : null,
            Services = services => services.AddSingleton<IDecisionRecorder>(last),
        };
        var host = await EdgeHost.StartAsync(Options(folder, upstream, trusted, onSocket), settings);
        return new CaseEdge(folder, upstream, host, clock, login, last);
    }

    /// <summary>Gives a bundle to the edge as its file source would, and waits until it knows the keys of its issuers.</summary>
    public async Task<ImmutableArray<Diagnostic>> ActivateAsync(ReadOnlyMemory<byte> bundle)
    {
        var result = _host.Services.GetRequiredService<BundleActivator>().Activate(bundle, "file");
        if (result.Applied && bundle.Span.IndexOf("issuers:"u8) >= 0)
        {
            var tokens = _host.Services.GetRequiredService<Lazy<CallerVerifier>>().Value.Tokens;
            var header = "Bearer " + Login.Issue([new("sub", "warm-up")], Clock.GetUtcNow());
            await Eventually.TrueAsync(async () => (await tokens.VerifyAsync(header, CancellationToken.None)).Outcome == CredentialOutcome.Verified);
        }

        return result.Diagnostics;
    }

    /// <summary>Puts a bundle in force, with empty counters, at a time.</summary>
    public void Begin(CompiledPolicy policy, DateTimeOffset start)
    {
        _engine.Counters.Clear();
        Clock.Set(start);
        Swap(policy);
    }

    /// <summary>Puts another bundle in force; counters and time go on.</summary>
    public void Swap(CompiledPolicy policy) =>
        _host.Services.GetRequiredService<SnapshotHolder>().Update(_ => PolicySnapshot.Empty.WithPolicy(policy));

    /// <summary>Waits until so many admitted requests are under way.</summary>
    public Task OpenReachesAsync(int count) => Eventually.TrueAsync(() => Open <= count, what: $"no more than {count} requests under way");

    public async ValueTask DisposeAsync()
    {
        Proxy.Dispose();
        Decision.Dispose();
        Http2.Dispose();
        await _host.DisposeAsync();
        await _upstream.DisposeAsync();
        Login.Dispose();
        _folder.Dispose();
    }

    private static EdgeOptions Options(TempFolder folder, FakeUpstream upstream, bool trusted, bool onSocket) => new()
    {
        StateDir = folder.Combine("state"),
        EphemeralState = true,
        Bundle = new BundleOptions { AcceptUnsigned = true, AcceptPeer = true },
        SigningKey = new SecretText(PeerSigner.EdgeKey),
        FetchAllowedHosts = [Login.Host],
        ReferenceEnvironment = [WebhookSigner.Variable],
        FactHeaders = new FactHeaderOptions { Type = FactHeaders.Type },
        TrustedProxies = trusted ? ["127.0.0.0/8", "unix"] : [],
        LogLevel = "none",
        Listen = new ListenOptions
        {
            Proxy = "127.0.0.1:0",
            // Its peer is its gateway, so limits by address need one that is trusted.
            Decision = onSocket ? "unix:" + folder.Combine("decision.sock") : trusted ? "127.0.0.1:0" : "off",
            DecisionHttp2 = trusted ? "127.0.0.1:0" : "off",
            Probes = "127.0.0.1:0",
            AdminSocket = folder.Combine("admin.sock"),
        },
        CountersMemoryBytes = 1024 * 1024,
        Clusters = ImmutableDictionary<string, ClusterOptions>.Empty.Add(
            "default", new ClusterOptions { Destinations = [upstream.Address.AbsoluteUri] }),
    };

    private async Task HoldAsync(HttpContext context)
    {
        var usage = Usage;
        if (Hold is { } hold)
        {
            hold.Arrived.Set();
            await hold.Released.WaitAsync("the end of a request in flight");
        }

        if (usage is { } tokens)
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("{\"usage\":{\"prompt_tokens\":" + tokens.ToString(CultureInfo.InvariantCulture) + "}}");
        }
    }

    private HttpClient ClientOf(DoorTag door) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,

        // A connection that the lane has given away is never the lane's again; and time that a case moves ends idle ones, with what is sent on them meanwhile.
        PooledConnectionLifetime = ReferenceEquals(door, DoorTag.DecisionHttp2) ? Timeout.InfiniteTimeSpan : TimeSpan.Zero,
    })
    {
        BaseAddress = _host.AddressOf(door) is { } address && address.StartsWith("http", StringComparison.Ordinal) ? new Uri(address) : null,
        Timeout = Eventually.Generous,
    };
}
