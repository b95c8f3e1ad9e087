using System.Net;
using EdgeGuard.Edge.Exchanges;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Edge.Throttling;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Options;
using EdgeGuard.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGuard.Edge.Tests.Throttling;

public sealed class ThrottleTests
{
    private static readonly (string, string) Key = ("x-api-key", "a");

    [Fact]
    public async Task Proxy_ThrottledRequest_WaitsItsDelayAndIsForwarded()
    {
        await using var edge = await ThrottledNext();
        var pending = edge.GetAsync("/v1/a", Key);
        await Waiting(edge, 1);

        edge.Time.Advance(TimeSpan.FromMilliseconds(4999));
        Assert.Equal(1, Gate(edge).Waiting);
        Assert.Equal(2, edge.Upstream.Count);

        edge.Time.Advance(TimeSpan.FromMilliseconds(1));
        using var response = await pending.Within("the delayed answer");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("budget_throttle", response.Header("X-EdgeGuard-Warning"));
        Assert.Equal(3, edge.Upstream.Count);
        Assert.Equal(0, Gate(edge).Waiting);
    }

    [Fact]
    public async Task Proxy_Warning_IsToldAndNotDelayed()
    {
        await using var edge = await EdgeUnderTest.StartAsync(FlowBundles.Staged());
        using var first = await edge.GetAsync("/v1/a", Key);
        using var second = await edge.GetAsync("/v1/a", Key);

        Assert.False(first.Headers.Contains("X-EdgeGuard-Warning"));
        Assert.Equal("budget_warn", second.Header("X-EdgeGuard-Warning"));
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
    }

    [Fact]
    public async Task Shadow_NeverDelaysAndTellsNothing()
    {
        await using var edge = await EdgeUnderTest.StartAsync(
            FlowBundles.Staged().Replace("selector:", "mode: shadow\n      selector:", StringComparison.Ordinal));
        for (var i = 0; i < 5; i++)
        {
            using var response = await edge.GetAsync("/v1/a", Key).Within("an answer without a delay");
            Assert.False(response.Headers.Contains("X-EdgeGuard-Warning"));
        }
    }

    [Fact]
    public async Task ClientThatGoesAway_EndsItsWait()
    {
        await using var edge = await ThrottledNext();
        using var gone = new CancellationTokenSource();
        var pending = edge.Proxy!.SendAsync(Request(edge), gone.Token);
        await Waiting(edge, 1);
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
        await Waiting(edge, 0);
        await Eventually.TrueAsync(() => Active(edge).Count == 0);
        Assert.Equal(2, edge.Upstream.Count);
    }

    [Fact]
    public async Task KillSwitch_ThatMatches_EndsTheWait_AndNoOther()
    {
        await using var edge = await ThrottledNext();
        await Spend(edge, "b");
        var killed = edge.GetAsync("/v1/a", Key);
        var spared = edge.GetAsync("/v1/a", ("x-api-key", "b"));
        await Waiting(edge, 2);
        edge.Kill("x-api-key", "a");

        using var refused = await killed.Within("the refusal");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal("kill_switch", refused.Header("X-EdgeGuard-Reason"));
        Assert.Equal(1, Gate(edge).Waiting);

        edge.Time.Advance(TimeSpan.FromSeconds(5));
        using var passed = await spared.Within("the other answer");
        Assert.Equal(HttpStatusCode.OK, passed.StatusCode);
    }

    [Fact]
    public async Task MoreThanMayWait_AreRefused()
    {
        await using var edge = await EdgeUnderTest.StartAsync(
            FlowBundles.Staged(), options => options with { Throttle = new ThrottleOptions { MaxWaiting = 1 } });
        await Spend(edge, "a");
        var pending = edge.GetAsync("/v1/a", Key);
        await Waiting(edge, 1);
        using var shed = await edge.GetAsync("/v1/a", Key);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, shed.StatusCode);
        Assert.Equal("overload_shed", shed.Header("X-EdgeGuard-Reason"));
        edge.Time.Advance(TimeSpan.FromSeconds(5));
        using var response = await pending.Within("the one that waited");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    /// <summary>The budget is ten: with a charge for each of them it would be used up.</summary>
    [Fact]
    public async Task ShedRequests_ConsumeNothing()
    {
        await using var edge = await EdgeUnderTest.StartAsync(
            FlowBundles.Staged(), options => options with { Throttle = new ThrottleOptions { MaxWaiting = 1 } });
        await Spend(edge, "a");
        var pending = edge.GetAsync("/v1/a", Key);
        await Waiting(edge, 1);
        for (var i = 0; i < 12; i++)
        {
            using var shed = await edge.GetAsync("/v1/a", Key);
            Assert.Equal("overload_shed", shed.Header("X-EdgeGuard-Reason"));
        }

        edge.Time.Advance(TimeSpan.FromSeconds(5));
        (await pending.Within("the one that waited")).Dispose();
        Assert.Equal(0, edge.Host.Services.GetRequiredService<DecisionEngine>().OpenAdmissions);
    }

    [Fact]
    public async Task ClientsThatGoAwayWhileTheyWait_ConsumeNothing()
    {
        await using var edge = await ThrottledNext();
        for (var i = 0; i < 10; i++)
        {
            using var gone = new CancellationTokenSource();
            var left = edge.Proxy!.SendAsync(Request(edge), gone.Token);
            await Waiting(edge, 1);
            await gone.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
            await Eventually.TrueAsync(() => Active(edge).Count == 0);
        }

        var pending = edge.GetAsync("/v1/a", Key);
        await Waiting(edge, 1);
        edge.Time.Advance(TimeSpan.FromSeconds(5));
        using var response = await pending.Within("the delayed answer");
        Assert.Equal("7", response.Header("RateLimit-Remaining"));
    }

    [Fact]
    public async Task DecisionDoor_TellsTheDelay_AndAnswersAtOnce()
    {
        await using var edge = await ThrottledNext();
        using var response = await edge.DecideAsync("/v1/a", Key).Within("an answer");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("5000", response.Header("X-EdgeGuard-Delay-Ms"));
        Assert.Equal("throttle", response.Header("X-EdgeGuard-Decision"));
        Assert.Equal("budget_throttle", response.Header("X-EdgeGuard-Warning"));
    }

    [Theory]
    [InlineData(true, "")]
    [InlineData(false, "?throttle=hold")]
    public async Task DecisionDoor_ToldToHold_Holds(bool option, string query)
    {
        await using var edge = await EdgeUnderTest.StartAsync(
            FlowBundles.Staged(), options => options with { Throttle = new ThrottleOptions { HoldDecisions = option } });
        await Spend(edge, "a");
        var pending = EdgeUnderTest.SendAsync(
            edge.Decision!,
            HttpMethod.Get,
            "/v1/decision" + query,
            ("X-Original-Method", "GET"),
            ("X-Original-URI", "/v1/a"),
            ("X-Original-Host", "api.test"),
            Key);
        await Waiting(edge, 1);
        edge.Time.Advance(TimeSpan.FromSeconds(5));
        using var response = await pending.Within("the held answer");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.False(response.Headers.Contains("X-EdgeGuard-Delay-Ms"));
    }

    [Fact]
    public async Task Delay_OfMoreThanTheLongest_IsCut()
    {
        var time = new TestTimeProvider();
        var gate = new ThrottleGate(new EdgeOptions(), time);
        var pending = gate.WaitAsync(int.MaxValue, CancellationToken.None).AsTask();
        time.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(ThrottleResult.Waited, await pending.Within("the longest delay"));
    }

    private static async Task<EdgeUnderTest> ThrottledNext()
    {
        var edge = await EdgeUnderTest.StartAsync(FlowBundles.Staged());
        await Spend(edge, "a");
        return edge;
    }

    private static async Task Spend(EdgeUnderTest edge, string key)
    {
        for (var i = 0; i < 2; i++)
        {
            (await edge.GetAsync("/v1/a", ("x-api-key", key))).Dispose();
        }
    }

    private static HttpRequestMessage Request(EdgeUnderTest edge)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(edge.Proxy!.BaseAddress!, "/v1/a"));
        request.Headers.Add("x-api-key", "a");
        return request;
    }

    private static ThrottleGate Gate(EdgeUnderTest edge) => edge.Host.Services.GetRequiredService<ThrottleGate>();

    private static ActiveExchanges Active(EdgeUnderTest edge) => edge.Host.Services.GetRequiredService<ActiveExchanges>();

    private static Task Waiting(EdgeUnderTest edge, int count) => Eventually.TrueAsync(() => Gate(edge).Waiting == count);
}
