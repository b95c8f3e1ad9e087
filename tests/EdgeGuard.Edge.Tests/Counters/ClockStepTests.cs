using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Counters;

/// <summary>What steps of clocks do to the limits of a whole edge: nothing. Only time that passes on the machine refills, be it suspended meanwhile.</summary>
public sealed class ClockStepTests
{
    private static readonly string[] Paths = ["/bucket", "/budget", "/window"];

    private const string Bundle = """
        format: edgeguard/v1
        bundle_version: 1
        policies:
          - id: bucket
            spec:
              selector: {pathExact: /bucket}
              rules:
                - {name: r, limit_keys: [], algorithm: token_bucket, algorithm_config: {tokens_per_second: 0.001, burst: 2} }
          - id: budget
            spec:
              selector: {pathExact: /budget}
              rules:
                - name: r
                  limit_keys: []
                  algorithm: cost_based
                  algorithm_config: {budget: 2, period: 1h, staged_actions: [{threshold_percent: 100, action: reject}]}
          - id: window
            spec:
              selector: {pathExact: /window}
              rules:
                - {name: r, limit_keys: [], algorithm: sliding_window, algorithm_config: {limit: 2, window: 3600s} }
        """;

    [Theory]
    [InlineData(5)]
    [InlineData(-5)]
    [InlineData(24 * 365)]
    [InlineData(-24 * 365)]
    public async Task WallClockSteps_NeitherOpenNorCloseALimit(int hours)
    {
        var boot = new FakeBootClock();
        await using var edge = await StartAsync(boot);
        await AssertAsync(edge, "200 allow", 1);
        edge.Time.StepWallClock(TimeSpan.FromHours(hours));

        // One is left of each, as before the step, and no more.
        await AssertAsync(edge, "200 allow", 1);
        await AssertAsync(edge, "429", 2);
        edge.Time.StepWallClock(TimeSpan.FromHours(-2 * hours));
        await AssertAsync(edge, "429", 2);

        // Whatever the wall clock says: after two hours of the machine everything is there again.
        boot.Advance(TimeSpan.FromHours(2));
        await AssertAsync(edge, "200 allow", 2);
        await AssertAsync(edge, "429", 1);
    }

    [Fact]
    public async Task Suspend_CountsAsTime()
    {
        var boot = new FakeBootClock();
        await using var edge = await StartAsync(boot);
        await AssertAsync(edge, "200 allow", 2);
        await AssertAsync(edge, "429", 1);

        // While the machine sleeps its boot clock runs on; timers and the framework's timestamps stand still.
        boot.Advance(TimeSpan.FromHours(8));
        await AssertAsync(edge, "200 allow", 2);
        await AssertAsync(edge, "429", 1);
    }

    [Fact]
    public async Task LeapSmear_GivesNobodyMoreOrLess()
    {
        var boot = new FakeBootClock();
        await using var edge = await StartAsync(boot);
        await AssertAsync(edge, "200 allow", 2);
        for (var minute = 0; minute < 59; minute++)
        {
            // The wall clock falls behind by a second in an hour; of a whole hour's budget nothing may come sooner or later for it.
            boot.Advance(TimeSpan.FromMinutes(1));
            edge.Time.Advance(TimeSpan.FromMinutes(1));
            edge.Time.StepWallClock(-TimeSpan.FromSeconds(1) / 59);
        }

        using (var early = await edge.GetAsync("/budget"))
        {
            Assert.Equal("429 budget_exceeded", early.Verdict());
        }

        boot.Advance(TimeSpan.FromMinutes(1));
        using var due = await edge.GetAsync("/budget");
        Assert.Equal("200 allow", due.Verdict());
    }

    private static Task<EdgeUnderTest> StartAsync(FakeBootClock boot) =>
        EdgeUnderTest.StartAsync(Bundle, settings: new EdgeHostSettings { BootClock = boot, Time = new TestTimeProvider() });

    private static async Task AssertAsync(EdgeUnderTest edge, string verdict, int times)
    {
        foreach (var path in Paths)
        {
            for (var i = 0; i < times; i++)
            {
                using var proxied = i % 2 == 0 ? await edge.GetAsync(path) : await edge.DecideAsync(path);
                Assert.StartsWith(verdict, proxied.Verdict(), StringComparison.Ordinal);
            }
        }
    }
}
