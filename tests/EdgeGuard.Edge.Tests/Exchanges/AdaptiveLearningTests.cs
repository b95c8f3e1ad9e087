using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Engine.Adaptive;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Options;
using EdgeGuard.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGuard.Edge.Tests.Exchanges;

/// <summary>What the edge tells the adaptive limiter of a real upstream: how long it took, and which ends are failures. Time stands still unless a test moves it.</summary>
public sealed class AdaptiveLearningTests
{
    private const int Initial = 14;

    /// <summary>Requests at once: as many as a window has to have, so that its last end learns from all of them, and more than half of the limit.</summary>
    private const int AtOnce = 10;

    private const string Bundle = """
        format: edgeguard/v1
        bundle_version: 1
        policies:
          - id: protected
            spec:
              selector: {pathPrefix: /v1/}
              rules: []
              adaptive_concurrency: {enabled: true, min_limit: 1, max_limit: 100, initial_limit: 14, latency_tolerance: 2}
        """;

    /// <summary>The limit after a window without anything slow: one with equal latencies, so that the gradient is 1.</summary>
    private static readonly double Grown = (0.8 * Initial) + (0.2 * (Initial + Math.Sqrt(Initial)));

    /// <summary>After one four times as slow as the best: the gradient is 2 / 4.</summary>
    private static readonly double Shrunk = (0.8 * Initial) + (0.2 * ((Initial * 0.5) + Math.Sqrt(Initial)));

    public static TheoryData<string, int, bool> Ends
    {
        get
        {
            var ends = new TheoryData<string, int, bool>();
            foreach (var (kind, limit) in new[]
            {
                // Nine tenths after what tells of overload, and only after that.
                ("502", 12), ("503", 12), ("504", 12), ("broken off", 12), ("unreachable", 12), ("too late", 12),
                ("200", 14), ("404", 14), ("500", 14), ("client gone", 14),
            })
            {
                ends.Add(kind, limit, true);
                ends.Add(kind, limit, false);
            }

            return ends;
        }
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task End_OfARequest_LowersTheLimitIfItTellsOfOverload(string kind, int limit, bool lane)
    {
        await using var edge = await StartAsync(lane, isReachable: kind != "unreachable");

        // The first end only begins the first window; one of few requests ends with the first that ends after 2.4 s.
        for (var i = 0; i < 2; i++)
        {
            await EndAsync(edge, kind);
            await Eventually.TrueAsync(() => Engine(edge).OpenAdmissions == 0);
            edge.Time.Advance(TimeSpan.FromSeconds(3));
        }

        Assert.Equal(limit, Limiter(edge).Limit);
        Assert.Equal(0, Limiter(edge).InFlight);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Latency_OfTheUpstream_MovesTheLimitByTheGradient(bool lane)
    {
        await using var edge = await StartAsync(lane);
        (await edge.GetAsync("/v1/a")).Dispose();
        await Eventually.TrueAsync(() => Engine(edge).OpenAdmissions == 0);

        await WindowAsync(edge, milliseconds: 100);
        Assert.Equal(Initial, Limiter(edge).Limit);
        Assert.InRange(Limiter(edge).BestNanoseconds, 99_999_000, 100_001_000);

        await WindowAsync(edge, milliseconds: 400);
        Assert.Equal((int)Shrunk, Limiter(edge).Limit);

        // As quick as ever, and more than half of the limit is used: it grows again.
        var limit = Shrunk;
        for (var i = 0; i < 3; i++)
        {
            await WindowAsync(edge, milliseconds: 100);
            limit += 0.2 * Math.Sqrt(limit);
            Assert.Equal((int)limit, Limiter(edge).Limit);
        }

        Assert.True((int)limit > (int)Shrunk);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Latency_OfAStream_EndsWhereItBegins(bool lane)
    {
        await using var edge = await StartAsync(lane);
        (await edge.GetAsync("/v1/a")).Dispose();
        await Eventually.TrueAsync(() => Engine(edge).OpenAdmissions == 0);
        await WindowAsync(edge, milliseconds: 100);

        await WindowAsync(edge, milliseconds: 100, streamedSeconds: 20);
        Assert.Equal((int)Grown, Limiter(edge).Limit);
        await WindowAsync(edge, milliseconds: 100);
        Assert.Equal((int)(Grown + (0.2 * Math.Sqrt(Grown))), Limiter(edge).Limit);
    }

    // So many requests at once that the upstream answers after a time, so that they are a window of their own.
    private static async Task WindowAsync(EdgeUnderTest edge, int milliseconds, int streamedSeconds = 0)
    {
        var (go, end) = (new Signal(), new Signal());
        edge.Upstream.Answer = async context =>
        {
            await go.WaitAsync();
            if (streamedSeconds > 0)
            {
                context.Response.ContentType = "text/event-stream";
                await context.Response.WriteAsync("data: first\n\n");
                await context.Response.Body.FlushAsync();
                await end.WaitAsync();
            }

            await context.Response.WriteAsync("data: last\n\n");
        };
        edge.Upstream.Received.Clear();
        var pending = Enumerable.Range(0, AtOnce)
            .Select(_ => edge.Proxy!.GetAsync(new Uri(edge.Proxy.BaseAddress!, "/v1/a"), HttpCompletionOption.ResponseHeadersRead)).ToArray();
        await edge.Upstream.Received.WaitForAsync(AtOnce);
        edge.Time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        go.Set();
        var responses = await Task.WhenAll(pending).Within("the answers");
        edge.Time.Advance(TimeSpan.FromSeconds(streamedSeconds));
        end.Set();
        foreach (var response in responses)
        {
            Assert.EndsWith("last\n\n", await response.Content.ReadAsStringAsync().Within("the end"), StringComparison.Ordinal);
            response.Dispose();
        }

        await Eventually.TrueAsync(() => Engine(edge).OpenAdmissions == 0);
    }

    private static async Task EndAsync(EdgeUnderTest edge, string kind)
    {
        edge.Upstream.Received.Clear();
        var stall = kind is "too late" or "client gone";
        edge.Upstream.Answer = async context =>
        {
            if (stall)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
            }
            else if (kind == "broken off")
            {
                context.Response.ContentLength = 100;
                await context.Response.WriteAsync("abc");
                await context.Response.Body.FlushAsync();
                context.Abort();
            }
            else
            {
                context.Response.StatusCode = int.Parse(kind, System.Globalization.CultureInfo.InvariantCulture);
            }
        };
        using var gone = new CancellationTokenSource();
        var pending = edge.Proxy!.GetAsync(new Uri(edge.Proxy.BaseAddress!, "/v1/a"), gone.Token);
        if (stall)
        {
            await edge.Upstream.Received.WaitForAsync(1);
            if (kind == "too late")
            {
                edge.Time.Advance(TimeSpan.FromMinutes(2));
            }
            else
            {
                await gone.CancelAsync();
            }
        }

        try
        {
            using var response = await pending.Within("the answer");
        }
        catch (Exception failure) when (failure is OperationCanceledException or HttpRequestException && kind is "client gone" or "broken off")
        {
        }
    }

    private static Task<EdgeUnderTest> StartAsync(bool lane, bool isReachable = true) => EdgeUnderTest.StartAsync(
        Bundle,
        options => isReachable ? options : options with
        {
            Clusters = options.Clusters.SetItem("default", new ClusterOptions { Destinations = ["http://127.0.0.1:1/"] }),
        },
        new EdgeHostSettings { ProxyLane = lane });

    private static AdaptiveLimiter Limiter(EdgeUnderTest edge) => Assert.Single(Engine(edge).Counters.Adaptive.All).Value;

    private static DecisionEngine Engine(EdgeUnderTest edge) => edge.Host.Services.GetRequiredService<DecisionEngine>();
}
