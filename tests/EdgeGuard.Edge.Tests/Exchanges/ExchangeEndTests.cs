using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using EdgeGuard.Edge.Exchanges;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Options;
using EdgeGuard.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGuard.Edge.Tests.Exchanges;

/// <summary>However an admitted request ends, its slot is free afterwards and nothing stays open.</summary>
public sealed class ExchangeEndTests
{
    private static readonly (string, string) Key = ("x-api-key", "a");

    [Fact]
    public async Task Answered_GivesItsSlotBack()
    {
        await using var edge = await Start();
        (await edge.GetAsync("/v1/a", Key)).Dispose();
        await AssertFree(edge);
    }

    [Fact]
    public async Task UnderWay_HoldsItsSlot()
    {
        await using var edge = await Start();
        var go = Stall(edge);
        var pending = edge.GetAsync("/v1/a", Key);
        await edge.Upstream.Received.WaitForAsync(1);
        using var refused = await edge.GetAsync("/v1/a", Key);
        Assert.Equal("concurrency_exceeded", refused.Header("X-EdgeGuard-Reason"));

        go.Set();
        (await pending).Dispose();
        await AssertFree(edge);
    }

    [Fact]
    public async Task ClientGoneBeforeTheAnswer_GivesItsSlotBack()
    {
        await using var edge = await Start();
        _ = Stall(edge);
        using var gone = new CancellationTokenSource();
        var pending = edge.Proxy!.SendAsync(Request(edge), gone.Token);
        await edge.Upstream.Received.WaitForAsync(1);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
        await AssertFree(edge);
    }

    [Fact]
    public async Task ClientGoneInTheMiddleOfTheAnswer_GivesItsSlotBack()
    {
        await using var edge = await Start();
        edge.Upstream.Answer = Endless;
        using (var response = await edge.Proxy!.SendAsync(Request(edge), HttpCompletionOption.ResponseHeadersRead).Within("headers"))
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        await AssertFree(edge);
    }

    [Fact]
    public async Task ClientGoneInTheMiddleOfItsBody_GivesItsSlotBack()
    {
        await using var edge = await Start();
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(IPAddress.Loopback, edge.Proxy!.BaseAddress!.Port);
            await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                "POST /v1/a HTTP/1.1\r\nHost: api.test\r\nx-api-key: a\r\nContent-Length: 100\r\n\r\nabc"));
            await Eventually.TrueAsync(() => Engine(edge).OpenAdmissions == 1);
        }

        await AssertFree(edge);
    }

    [Fact]
    public async Task UpstreamThatRefuses_GivesTheSlotBack()
    {
        await using var edge = await EdgeUnderTest.StartAsync(FlowBundles.OneInFlight(), options => options with
        {
            Clusters = options.Clusters.SetItem("default", new ClusterOptions { Destinations = ["http://127.0.0.1:1/"] }),
        });
        using var first = await edge.GetAsync("/v1/a", Key);
        using var second = await edge.GetAsync("/v1/a", Key);

        Assert.Equal(HttpStatusCode.BadGateway, first.StatusCode);
        Assert.Equal(HttpStatusCode.BadGateway, second.StatusCode);
        await Eventually.TrueAsync(() => Engine(edge).OpenAdmissions == 0);
    }

    [Fact]
    public async Task UpstreamThatTakesTooLong_GivesTheSlotBack()
    {
        await using var edge = await Start();
        _ = Stall(edge);
        var pending = edge.GetAsync("/v1/a", Key);
        await edge.Upstream.Received.WaitForAsync(1);
        edge.Time.Advance(TimeSpan.FromMinutes(2));
        using var response = await pending.Within("the time-out");
        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        await AssertFree(edge);
    }

    [Fact]
    public async Task UpstreamThatBreaksOff_GivesTheSlotBack()
    {
        await using var edge = await Start();
        var seen = new Signal();
        edge.Upstream.Answer = async context =>
        {
            context.Response.ContentLength = 100;
            await context.Response.WriteAsync("abc");
            await context.Response.Body.FlushAsync();
            await seen.WaitAsync();
            context.Abort();
        };
        using var response = await edge.Proxy!.SendAsync(Request(edge), HttpCompletionOption.ResponseHeadersRead).Within("headers");
        seen.Set();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => response.Content.CopyToAsync(Stream.Null).Within("the end"));
        await AssertFree(edge);
    }

    [Fact]
    public async Task WebSocket_HoldsItsSlotUntilItCloses()
    {
        await using var edge = await Start();
        edge.Upstream.Answer = AcceptUpgrade;
        using (var socket = new ClientWebSocket())
        {
            socket.Options.SetRequestHeader("x-api-key", "a");
            await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{edge.Proxy!.BaseAddress!.Port}/v1/a"), CancellationToken.None);
            using var refused = await edge.GetAsync("/v1/a", Key);
            Assert.Equal("concurrency_exceeded", refused.Header("X-EdgeGuard-Reason"));
            socket.Abort();
        }

        await AssertFree(edge);
    }

    [Fact]
    public async Task ThrottledWait_ThatItsClientGivesUp_GivesTheSlotBack()
    {
        await using var edge = await EdgeUnderTest.StartAsync(FlowBundles.DelayedSlot());
        (await edge.GetAsync("/v1/a", Key)).Dispose();
        (await edge.GetAsync("/v1/a", Key)).Dispose();
        using var gone = new CancellationTokenSource();
        var pending = edge.Proxy!.SendAsync(Request(edge), gone.Token);
        await Eventually.TrueAsync(() => Engine(edge).OpenAdmissions == 1);
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
        await Eventually.TrueAsync(() => Engine(edge).OpenAdmissions == 0);
        Assert.Equal(2, edge.Upstream.Count);
    }

    [Fact]
    public async Task KillSwitch_EndsWhatIsStreaming()
    {
        await using var edge = await Start();
        edge.Upstream.Answer = Endless;
        using var response = await edge.Proxy!.SendAsync(Request(edge), HttpCompletionOption.ResponseHeadersRead).Within("headers");
        await using var stream = await response.Content.ReadAsStreamAsync();
        edge.Kill("x-api-key", "a");

        await Assert.ThrowsAnyAsync<IOException>(() => stream.CopyToAsync(Stream.Null).Within("the end of the stream"));
        await Eventually.TrueAsync(() => Engine(edge).OpenAdmissions == 0);
    }

    [Fact]
    public async Task KillSwitch_RefusesWhatTheUpstreamHasNotAnswered()
    {
        await using var edge = await Start();
        _ = Stall(edge);
        var pending = edge.GetAsync("/v1/a", Key);
        await edge.Upstream.Received.WaitForAsync(1);
        edge.Kill("x-api-key", "a");

        using var response = await pending.Within("the refusal");
        Assert.Equal("kill_switch", response.Header("X-EdgeGuard-Reason"));
        await Eventually.TrueAsync(() => Engine(edge).OpenAdmissions == 0);
    }

    [Fact]
    public async Task KillSwitch_EndsAWebSocket()
    {
        await using var edge = await Start();
        edge.Upstream.Answer = AcceptUpgrade;
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("x-api-key", "a");
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{edge.Proxy!.BaseAddress!.Port}/v1/a"), CancellationToken.None);
        edge.Kill("x-api-key", "a");

        await Assert.ThrowsAnyAsync<WebSocketException>(() => socket.ReceiveAsync(new byte[1], CancellationToken.None).Within("the end"));
        await Eventually.TrueAsync(() => Engine(edge).OpenAdmissions == 0);
    }

    [Fact]
    public async Task Storm_OfRequestsThatAreAbortedAtRandom_LeavesNothingOpen()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var edge = await Start();
        edge.Upstream.Record = false;
        edge.Upstream.Answer = async context =>
        {
            await context.Response.WriteAsync(new string('x', 20_000));
            await context.Response.Body.FlushAsync();
            await context.Response.WriteAsync("end");
        };
        var delays = Enumerable.Range(0, 300).Select(_ => random.Next(0, 12)).ToArray();
        await Parallel.ForEachAsync(delays, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (delay, _) =>
        {
            using var gone = new CancellationTokenSource(TimeSpan.FromMilliseconds(delay), TimeProvider.System);
            try
            {
                using var request = Request(edge);
                request.Headers.Remove("x-api-key");
                request.Headers.Add("x-api-key", $"key-{delay}");
                using var response = await edge.Proxy!.SendAsync(request, gone.Token);
            }
            catch (Exception failure) when (failure is OperationCanceledException or HttpRequestException)
            {
            }
        });

        await Eventually.TrueAsync(() => Engine(edge).OpenAdmissions == 0 && Active(edge).Count == 0);
        for (var key = 0; key < 12; key++)
        {
            using var response = await edge.GetAsync("/v1/a", ("x-api-key", $"key-{key}"));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Fact]
    public async Task DecisionDoor_GivesTheSlotBack_AfterMaxHold()
    {
        await using var edge = await Start();
        using var first = await edge.DecideAsync("/v1/a", Key);
        using var second = await edge.DecideAsync("/v1/a", Key);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal("concurrency_exceeded", second.Header("X-EdgeGuard-Reason"));

        edge.Time.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, Engine(edge).OpenAdmissions);
        using var third = await edge.DecideAsync("/v1/a", Key);
        Assert.Equal(HttpStatusCode.OK, third.StatusCode);
    }

    private static Task<EdgeUnderTest> Start() => EdgeUnderTest.StartAsync(FlowBundles.OneInFlight());

    private static async Task AssertFree(EdgeUnderTest edge)
    {
        await Eventually.TrueAsync(() => Engine(edge).OpenAdmissions == 0);
        edge.Upstream.Answer = static context => context.Response.WriteAsync("hello");
        using var response = await edge.GetAsync("/v1/a", Key);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await Eventually.TrueAsync(() => Engine(edge).OpenAdmissions == 0 && Active(edge).Count == 0);
    }

    private static Signal Stall(EdgeUnderTest edge)
    {
        var go = new Signal();
        edge.Upstream.Answer = async context =>
        {
            await go.WaitAsync();
            await context.Response.WriteAsync("late");
        };
        return go;
    }

    private static async Task Endless(HttpContext context)
    {
        while (!context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.WriteAsync("data: x\n\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Yield();
        }
    }

    // Upgrades and then says nothing until the other side closes.
    private static async Task AcceptUpgrade(HttpContext context)
    {
        var feature = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpUpgradeFeature>()!;
        context.Response.Headers["Sec-WebSocket-Accept"] = AcceptOf(context.Request.Headers["Sec-WebSocket-Key"].ToString());
        context.Response.Headers.Upgrade = "websocket";
        await using var stream = await feature.UpgradeAsync();
        try
        {
            while (await stream.ReadAsync(new byte[64]) > 0)
            {
            }
        }
        catch (IOException)
        {
        }
    }

    // RFC 6455 section 4.2.2.
    private static string AcceptOf(string key) => Convert.ToBase64String(
#pragma warning disable CA5350 // The protocol says so; nothing is protected by it.
        System.Security.Cryptography.SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350

    private static HttpRequestMessage Request(EdgeUnderTest edge)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(edge.Proxy!.BaseAddress!, "/v1/a"));
        request.Headers.Add("x-api-key", "a");
        return request;
    }

    private static DecisionEngine Engine(EdgeUnderTest edge) => edge.Host.Services.GetRequiredService<DecisionEngine>();

    private static ActiveExchanges Active(EdgeUnderTest edge) => edge.Host.Services.GetRequiredService<ActiveExchanges>();
}
