using EdgeGuard.Edge.Lane;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Testing;
using Microsoft.Extensions.DependencyInjection;
using static EdgeGuard.Edge.Tests.Lane.LaneQuestions;

namespace EdgeGuard.Edge.Tests.Lane;

public sealed class LaneConnectionTests
{
    [Fact]
    public async Task Request_InAnyTwoParts_IsAnsweredOnceAndAlike()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey(burst: 1_000_000));
        await using var lane = LaneOf(edge);
        var request = Ask(headers: "x-api-key: a\r\ncontent-length: 3\r\n") + "abc";
        var head = request.Length - 3;
        lane.Send(request);
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", lane.Answered(), StringComparison.Ordinal);

        // A body that has not come with its head is for the server, so the cut is within the head.
        for (var cut = 1; cut < head; cut++)
        {
            lane.Send(request[..cut]);
            Assert.Equal(string.Empty, lane.Answered());
            lane.Send(request[cut..]);
            Assert.StartsWith("HTTP/1.1 200 OK\r\n", lane.Answered(), StringComparison.Ordinal);
        }

        Assert.Null(lane.HandedOver);
    }

    [Fact]
    public async Task Request_ByteByByte_IsAnswered()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey());
        await using var lane = LaneOf(edge);
        foreach (var c in Ask(headers: "x-api-key: a\r\n"))
        {
            Assert.Equal(string.Empty, lane.Answered());
            lane.Send(c.ToString());
        }

        Assert.StartsWith("HTTP/1.1 200 OK\r\n", lane.Answered(), StringComparison.Ordinal);
        Assert.Null(lane.HandedOver);
    }

    [Fact]
    public async Task Pipelined_Requests_AreAnsweredInOrder()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey(burst: 60));
        await using var lane = LaneOf(edge);
        lane.Send(string.Concat(Enumerable.Repeat(Ask(headers: "x-api-key: a\r\n"), 100)));

        var answers = lane.Answered().Split("HTTP/1.1 ")[1..];

        Assert.Equal(100, answers.Length);
        Assert.All(answers[..60], answer => Assert.StartsWith("200 ", answer, StringComparison.Ordinal));
        Assert.All(answers[60..], answer => Assert.StartsWith("429 ", answer, StringComparison.Ordinal));
        Assert.Null(lane.HandedOver);
    }

    [Fact]
    public async Task UnusualRequest_AfterAnswers_ReachesTheServerUntouched()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey());
        await using var lane = LaneOf(edge);
        var unusual = Ask(headers: "Expect: 100-continue\r\n");
        lane.Send(Ask(headers: "x-api-key: a\r\n") + Ask(headers: "x-api-key: a\r\n") + unusual);
        await lane.Ended.Within("the server");

        Assert.Equal(2, lane.Answered().Split("HTTP/1.1 200").Length - 1);
        Assert.Equal(unusual, lane.HandedOver);
    }

    [Fact]
    public async Task UnusualRequest_InParts_ReachesTheServerWhole()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey());
        var unusual = Ask(headers: "Expect: 100-continue\r\n");
        for (var cut = 1; cut < unusual.Length; cut++)
        {
            await using var lane = LaneOf(edge);
            lane.Send(Ask());
            lane.Send(unusual[..cut]);
            lane.Send(unusual[cut..]);
            await lane.Ended.Within("the server");
            Assert.Equal(unusual, lane.HandedOver);
        }
    }

    [Fact]
    public async Task IdleConnection_IsClosedInTime()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey());
        await using var lane = LaneOf(edge);
        lane.Send(Ask());
        lane.Look();
        edge.Time.Advance(LaneSession.IdleLimit - TimeSpan.FromSeconds(1));
        lane.Look();
        Assert.False(lane.Ended.IsCompleted);
        edge.Time.Advance(TimeSpan.FromSeconds(1));
        lane.Look();

        await lane.Ended.Within("the end of an idle connection");
        Assert.Null(lane.HandedOver);
    }

    [Fact]
    public async Task SlowHead_IsRefusedInTime()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey());
        await using var lane = LaneOf(edge);
        lane.Send("GET /v1/decision HTTP/1.1\r\nX-Slow: ");
        lane.Look();
        for (var second = 0; second < 30; second++)
        {
            Assert.False(lane.Ended.IsCompleted);
            lane.Send("a");
            edge.Time.Advance(TimeSpan.FromSeconds(1));
            lane.Look();
        }

        await lane.Ended.Within("the end of a slow connection");
        Assert.StartsWith("HTTP/1.1 408 Request Timeout\r\n", lane.Answered(), StringComparison.Ordinal);
        Assert.Null(lane.HandedOver);
    }

    [Fact]
    public async Task Client_ThatTakesNoAnswers_IsReadNoFurther_AndCutOffInTime()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey(burst: 1_000));
        await using var lane = LaneOf(edge);
        lane.Takes = int.MaxValue;
        lane.Send(Ask(headers: "x-api-key: a\r\n"));
        var owed = 10 * lane.Answered().Length;
        lane.Takes = 500;
        lane.Send(string.Concat(Enumerable.Repeat(Ask(headers: "x-api-key: a\r\n"), 10)));
        lane.Send(Ask(headers: "x-api-key: a\r\n"));
        Assert.Equal(500, lane.Answered().Length);

        // A few bytes now and then do not help.
        edge.Time.Advance(LanePace.LimitOf(owed - 100) - TimeSpan.FromSeconds(1));
        lane.Takes = 10;
        lane.Look();
        Assert.False(lane.Ended.IsCompleted);
        edge.Time.Advance(TimeSpan.FromSeconds(2));
        lane.Look();

        await lane.Ended.Within("the end of a connection whose client takes nothing");
        Assert.Null(lane.HandedOver);
    }

    [Fact]
    public async Task Client_ThatTakesAnswersInParts_GetsThemAllInOrder()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey(burst: 10));
        await using var lane = LaneOf(edge);
        lane.Takes = 0;
        lane.Send(string.Concat(Enumerable.Repeat(Ask(headers: "x-api-key: a\r\n"), 20)));
        var answers = string.Empty;
        for (var i = 0; i < 1_000; i++)
        {
            lane.Takes = 77;
            answers += lane.Answered();
        }

        lane.Takes = int.MaxValue;
        answers += lane.Answered();

        Assert.Equal(
            [.. Enumerable.Repeat("200", 10), .. Enumerable.Repeat("429", 10)], answers.Split("HTTP/1.1 ")[1..].Select(answer => answer[..3]));
    }

    [Fact]
    public async Task SlowBody_IsRefusedInTime()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey());
        await using var lane = LaneOf(edge);
        lane.Send(Ask(headers: "x-api-key: a\r\nContent-Length: 100\r\n"));
        for (var second = 0; second < 30; second++)
        {
            Assert.False(lane.Ended.IsCompleted);
            lane.Send("b");
            edge.Time.Advance(TimeSpan.FromSeconds(1));
            lane.Look();
        }

        await lane.Ended.Within("the end of a slow connection");
        Assert.StartsWith("HTTP/1.1 408 Request Timeout\r\n", lane.Answered(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Drain_EndsAnIdleConnectionAtOnce()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey());
        await using var lane = LaneOf(edge);
        lane.Send(Ask());
        lane.RequestClose();

        await lane.Ended.Within("the end of an idle connection");
        Assert.Null(lane.HandedOver);
        Assert.NotEmpty(lane.Answered());
    }

    [Fact]
    public async Task EndOfInput_EndsTheConnection()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey());
        await using var lane = LaneOf(edge);
        lane.Send(Ask());
        lane.SendEnd();

        await lane.Ended.Within("the end of the connection");
        Assert.Null(lane.HandedOver);
    }

    [Fact]
    public async Task Counts_AreTheSameAsTheServers()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey(burst: 1));
        await using var lane = LaneOf(edge);
        lane.Send(Ask(headers: "x-api-key: a\r\n") + Ask(headers: "x-api-key: a\r\n"));
        var metrics = await edge.Probes.GetStringAsync("/metrics");

        Assert.Contains("verdict=\"allow\",reason=\"\",route=\"/v1/*\",shadow=\"false\"} 1", metrics.Replace("\r", string.Empty), StringComparison.Ordinal);
        Assert.Contains("reason=\"token_bucket_exceeded\"", metrics, StringComparison.Ordinal);
        Assert.Contains("edgeguard_decision_duration_seconds_count 2", metrics, StringComparison.Ordinal);
    }

    private static LaneUnderTest LaneOf(EdgeUnderTest edge) => new(edge.Host.Services.GetRequiredService<DecisionLane>(), edge.Time);
}
