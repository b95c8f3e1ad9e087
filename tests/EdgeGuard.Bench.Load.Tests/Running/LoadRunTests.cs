using EdgeGuard.Bench.Load.Requests;
using EdgeGuard.Bench.Load.Responses;
using EdgeGuard.Bench.Load.Running;
using EdgeGuard.Testing;

namespace EdgeGuard.Bench.Load.Tests.Running;

public sealed class LoadRunTests
{
    private readonly TestTimeProvider _time = new();

    private static LoadSettings Open => new() { Rate = 100, WarmUp = TimeSpan.Zero, Duration = TimeSpan.FromSeconds(10) };

    private static LoadSettings Closed => Open with { Rate = 0 };

    private LoadResult Run(LoadSettings settings, VirtualServer server)
        => new LoadRun(settings, server, new RequestTemplate("GET / HTTP/1.1\r\n\r\n", null, 1), new ResponseExpectation([200], []), _time).Run();

    [Fact]
    public void OpenLoop_OfASteadyServer_SendsOnScheduleAndMeasuresItsTime()
    {
        VirtualServer server = new(_time, 2);

        LoadResult result = Run(Open, server);

        Assert.True(result.IsRight);
        Assert.Equal(1000, result.Answered);
        Assert.InRange(result.RequestsPerSecond, 99.8, 100);
        Assert.All(server.Sent.Select((moment, i) => (moment - TimeSpan.FromMilliseconds(10 * i)).TotalMilliseconds), late => Assert.InRange(late, -0.01, 0.01));
        Assert.InRange(result.Latency.Percentile(50) / 1e6, 0.99, 1.02);
        Assert.InRange(result.Latency.Max / 1e6, 0.99, 1.02);
    }

    [Fact]
    public void Run_OnConnectionsThatTheServerHasClosedMeanwhile_OpensThemAnewBeforeItSends()
    {
        VirtualServer server = new(_time, 3) { HadClosedAll = true };

        LoadResult result = Run(Open, server);

        Assert.True(result.IsRight);
        Assert.Equal(1000, result.Answered);
        Assert.Equal(3, server.Reopened);
    }

    // What coordinated omission hides: one second of ten is lost, so a tenth of the requests are late, half a second on average.
    [Fact]
    public void OpenLoop_OfAServerThatStallsForASecond_ChargesItWithEveryRequestOfThatSecond()
    {
        VirtualServer server = new(_time, 1) { StallFrom = TimeSpan.FromSeconds(5), StallUntil = TimeSpan.FromSeconds(6) };

        LoadResult result = Run(Open, server);

        Assert.True(result.IsRight);
        Assert.Equal(1000, result.Answered);
        Assert.InRange(result.Latency.Percentile(95) / 1e6, 450, 620);
        Assert.InRange(result.Latency.Max / 1e6, 990, 1010);
        Assert.InRange(result.ClientLag.Max / 1e6, 0, 0.1);
    }

    [Fact]
    public void ClosedLoop_OfTheSameServer_HidesIt()
    {
        VirtualServer server = new(_time, 1) { StallFrom = TimeSpan.FromSeconds(5), StallUntil = TimeSpan.FromSeconds(6) };

        LoadResult result = Run(Closed, server);

        Assert.InRange(result.Latency.Percentile(99.9) / 1e6, 0.99, 1.02);
        Assert.InRange(result.RequestsPerSecond, 895, 901);
    }

    [Fact]
    public void OpenLoop_BeyondWhatTheServerCan_TellsWhatIsUnanswered()
    {
        VirtualServer server = new(_time, 1) { ServiceTime = TimeSpan.FromMilliseconds(100) };

        LoadResult result = Run(Open with { Drain = TimeSpan.FromSeconds(1) }, server);

        Assert.False(result.IsRight);
        Assert.Equal(1000, result.Answered + result.Unanswered);
        Assert.InRange(result.Answered, 109, 111);
        // The last 890 were never answered; their age is in the figures, not left out of them.
        Assert.Equal(1000, result.Latency.Count);
        Assert.InRange(result.Latency.Percentile(50) / 1e6, 5_000, 6_100);
    }

    [Fact]
    public void Run_WithAWarmUp_RecordsOnlyWhatWasPlannedAfterIt()
    {
        LoadResult result = Run(Open with { WarmUp = TimeSpan.FromSeconds(2) }, new VirtualServer(_time, 1));

        Assert.Equal(1200, result.Answered);
        Assert.InRange(result.Latency.Count, 999, 1001);
        Assert.InRange(result.RequestsPerSecond, 99.8, 100.1);
    }

    [Fact]
    public void Run_WithoutPipelining_HasOneRequestUnderWayOnAConnection()
    {
        VirtualServer server = new(_time, 3) { ServiceTime = TimeSpan.FromMilliseconds(100) };

        Run(Open with { Drain = TimeSpan.FromMinutes(10) }, server);

        Assert.Equal(1, server.MostOnOne);
    }

    [Fact]
    public void Run_WithPipelining_HasSoManyUnderWay()
    {
        VirtualServer server = new(_time, 1) { ServiceTime = TimeSpan.FromMilliseconds(100) };

        LoadResult result = Run(Open with { Pipeline = 4, Drain = TimeSpan.FromMinutes(10) }, server);

        Assert.Equal(4, server.MostOnOne);
        Assert.True(result.IsRight);
        Assert.Equal(1000, result.Answered);
    }

    [Fact]
    public void Run_WithOneWrongAnswer_Fails()
    {
        VirtualServer server = new(_time, 1) { Answer = number => number == 500 ? "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n" : "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" };

        LoadResult result = Run(Open, server);

        Assert.False(result.IsRight);
        Assert.Equal(1, result.Wrong);
        Assert.Equal(1, result.WrongStatuses[503]);
    }

    [Fact]
    public void Run_OfAConnectionThatEndsWithoutAnAnswer_FailsAndGoesOn()
    {
        VirtualServer server = new(_time, 1) { ClosesAt = 500 };

        LoadResult result = Run(Open, server);

        Assert.False(result.IsRight);
        Assert.Equal((1, 1, 999), (result.Broken, result.Unanswered, result.Answered));
        Assert.Equal(1, server.Reopened);
    }

    [Fact]
    public void Run_OfAServerThatSaysClose_ConnectsAnew()
    {
        VirtualServer server = new(_time, 1) { Answer = _ => "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n" };

        LoadResult result = Run(Open, server);

        Assert.True(result.IsRight);
        Assert.Equal(1000, result.Reopened);
    }

    [Fact]
    public void Run_OfAnAnswerNobodyAskedFor_Fails()
    {
        VirtualServer server = new(_time, 1) { Answer = _ => "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" };

        Assert.False(Run(Open, server).IsRight);
    }
}
