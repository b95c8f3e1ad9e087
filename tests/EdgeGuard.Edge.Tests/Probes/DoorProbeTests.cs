using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Probes;
using EdgeGuard.Edge.Takeover;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Edge.Tests.Tls;
using EdgeGuard.Options;
using EdgeGuard.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGuard.Edge.Tests.Probes;

/// <summary>Probes that come in by the real listeners: readiness holds only while each of them answers as was decided.</summary>
public sealed class DoorProbeTests : IDisposable
{
    private const string Bundle = """
        format: edgeguard/v1
        bundle_version: 1
        policies:
          - id: api
            spec:
              selector: {hosts: [api.test], pathPrefix: /v1/}
              rules:
                - {name: one, limit_keys: ['header:x-api-key'], algorithm: token_bucket, algorithm_config: {tokens_per_second: 0.001, burst: 1}}
        probes:
          - {name: customers pass, request: {method: POST, host: api.test, path: '/v1/a?b=c', headers: {x-api-key: a}}, expect: allow}
          - {name: others do not, request: {host: api.test, path: /v1/a}, expect: reject}
        """;

    private readonly TempFolder _sockets = new();

    public void Dispose() => _sockets.Dispose();

    [Fact]
    public async Task Readiness_WithEveryListenerOpen_AsksEachOfThem_AndSpendsForwardsAndCountsNothing()
    {
        using var folder = new TempFolder();
        using var certificates = new TestCertificates();
        await using var edge = await TlsPeer.StartAsync(
            folder,
            certificates,
            options => options with
            {
                Listen = options.Listen with { Decision = "unix:" + _sockets.Combine("decision"), DecisionHttp2 = "127.0.0.1:0", DecisionTls = "127.0.0.1:0" },
            },
            Bundle);
        var messenger = edge.Host.Services.GetRequiredService<DoorMessenger>();
        var before = edge.Host.Services.GetRequiredService<SharedListeners>().HandedOver;
        for (var i = 0; i < 3; i++)
        {
            edge.Time.Advance(TimeSpan.FromSeconds(2));
            Assert.Equal("200 []", await ReadinessAsync(edge));
        }

        // Two lanes, two probes, three times.
        Assert.Equal(before + 12, edge.Host.Services.GetRequiredService<SharedListeners>().HandedOver);
        Assert.Equal(["proxy", "proxy-tls", "decision", "decision-http2", "decision-tls"], messenger.Doors.Select(door => door.Name));
        Assert.Equal(0, edge.Upstream.Count);
        var metrics = await edge.Probes.GetStringAsync("/metrics");
        Assert.DoesNotContain("edgeguard_decisions_total{", metrics, StringComparison.Ordinal);
        Assert.Contains("edgeguard_decision_duration_seconds_count 0", metrics, StringComparison.Ordinal);
        using var first = await EdgeUnderTest.SendAsync(edge.Proxy!, HttpMethod.Get, "/v1/a", ("Host", "api.test"), ("x-api-key", "a"));
        Assert.Equal("200 allow", first.Verdict());
    }

    [Fact]
    public async Task Readiness_WhenAListenerCannotBeReached_TurnsRed_AndGreenWhenItCan()
    {
        var path = _sockets.Combine("decision");
        await using var edge = await StartAsync(path);
        Assert.Equal("200 []", await ReadinessAsync(edge));

        File.Move(path, path + ".away");
        edge.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("503 [decision]", await ReadinessAsync(edge));

        File.Move(path + ".away", path);
        edge.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("200 []", await ReadinessAsync(edge));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nX-EdgeGuard-Probe: allow\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("")]
    [InlineData(null)]
    public async Task Readiness_WhenSomethingElseAnswersThere_OrNothing_TurnsRed(string? answer)
    {
        var path = _sockets.Combine("decision");
        await using var edge = await StartAsync(path);
        File.Move(path, path + ".away");
        using var impostor = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        impostor.Bind(new UnixDomainSocketEndPoint(path));
        impostor.Listen();
        var asked = new Signal();
        var answering = AnswerAllAsync(impostor, asked, answer);
        edge.Time.Advance(TimeSpan.FromSeconds(2));
        var readiness = ReadinessAsync(edge);
        await asked.WaitAsync();
        if (answer is null)
        {
            edge.Time.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.Equal("503 [decision]", await readiness);
        impostor.Dispose();
        await answering.Within("the impostor ends");
        File.Delete(path);
        File.Move(path + ".away", path);
    }

    [Fact]
    public async Task Readiness_OfListenersThatLetOnlyTheirOwnIn_DoesNotAskThose()
    {
        await using var edge = await EdgeUnderTest.StartAsync(Bundle, options => options with
        {
            ProxyProtocol = new ProxyProtocolOptions { Listeners = ["proxy"], Trusted = ["192.0.2.0/24"] },
        });

        Assert.Equal("200 []", await ReadinessAsync(edge));
        Assert.Equal(["decision"], edge.Host.Services.GetRequiredService<DoorMessenger>().Doors.Select(door => door.Name));
    }

    [Fact]
    public async Task Request_ThatSaysItIsAProbe_IsNotDecidedOn()
    {
        await using var edge = await EdgeUnderTest.StartAsync(Bundle);
        (string, string)[] forged = [("Connection", "Upgrade"), ("Upgrade", DoorProbes.Protocol), (DoorProbes.Header, new string('0', 32)), ("x-api-key", "a")];
        using var proxied = await EdgeUnderTest.SendAsync(edge.Proxy!, HttpMethod.Get, "/v1/a", forged);
        using var decided = await edge.DecideAsync("/v1/a", forged);
        using var unmarked = await EdgeUnderTest.SendAsync(edge.Proxy!, HttpMethod.Get, "/v1/a", forged[..2]);

        Assert.Equal(
            (HttpStatusCode.MisdirectedRequest, HttpStatusCode.MisdirectedRequest, HttpStatusCode.MisdirectedRequest),
            (proxied.StatusCode, decided.StatusCode, unmarked.StatusCode));
        Assert.Equal(0, edge.Upstream.Count);
    }

    [Fact]
    public async Task Request_WithAMarkAlone_IsLikeAnyOther_AndItsMarkIsNotForwarded()
    {
        await using var edge = await EdgeUnderTest.StartAsync(Bundle);
        using var answer = await edge.GetAsync("/elsewhere", (DoorProbes.Header, new string('0', 32)));

        Assert.Equal("200 allow", answer.Verdict());
        Assert.DoesNotContain(DoorProbes.Header, Assert.Single(edge.Upstream.Received.Items).Headers.Keys, StringComparer.OrdinalIgnoreCase);
    }

    private static Task<EdgeUnderTest> StartAsync(string path) => EdgeUnderTest.StartAsync(
        Bundle, options => options with { Listen = options.Listen with { Decision = "unix:" + path } });

    // A client may come back when it was hung up on. Those that get no answer are kept until all ends.
    private static async Task AnswerAllAsync(Socket listener, Signal asked, string? answer)
    {
        var kept = new List<Socket>();
        try
        {
            while (true)
            {
                var connection = await listener.AcceptAsync();
                kept.Add(connection);
                await ReadHeadAsync(connection);
                asked.Set();
                if (answer is not null)
                {
                    await connection.SendAsync(Encoding.ASCII.GetBytes(answer));
                    connection.Dispose();
                }
            }
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            kept.ForEach(connection => connection.Dispose());
        }
    }

    private static async Task ReadHeadAsync(Socket connection)
    {
        var buffer = new byte[4096];
        var question = new StringBuilder();
        while (!question.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            var read = await connection.ReceiveAsync(buffer);
            Assert.NotEqual(0, read);
            question.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }
    }

    private static async Task<string> ReadinessAsync(EdgeUnderTest edge)
    {
        using var answer = await edge.Probes.GetAsync("/readyz");
        using var report = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        var doors = report.RootElement.GetProperty("doors_failed").EnumerateArray().Select(name => name.GetString()).ToArray();
        var reasons = report.RootElement.GetProperty("reasons").EnumerateArray().Select(name => name.GetString());

        Assert.Equal(doors.Length > 0 ? ["door_failed"] : [], reasons);
        return $"{(int)answer.StatusCode} [{string.Join(' ', doors)}]";
    }
}
