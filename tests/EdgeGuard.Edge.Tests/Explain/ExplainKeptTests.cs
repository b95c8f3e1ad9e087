using System.Net;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Tests.Explain;

/// <summary>Which decisions of a whole edge can be looked up by their ids when allows are not sampled, and for how long.</summary>
public sealed class ExplainKeptTests
{
    private const string Bundle = """
        format: edgeguard/v1
        bundle_version: 1
        policies:
          - id: plain
            spec:
              selector: {pathPrefix: /plain}
              rules:
                - {name: r, limit_keys: [], algorithm: token_bucket, algorithm_config: {tokens_per_second: 1000, burst: 1000} }
          - id: warn
            spec:
              selector: {pathPrefix: /warn}
              rules:
                - name: r
                  limit_keys: []
                  algorithm: cost_based
                  algorithm_config: {budget: 100, period: 1d, staged_actions: [{threshold_percent: 0, action: warn}, {threshold_percent: 100, action: reject}]}
          - id: throttle
            spec:
              selector: {pathPrefix: /throttle}
              rules:
                - name: r
                  limit_keys: []
                  algorithm: cost_based
                  algorithm_config:
                    budget: 100
                    period: 1d
                    staged_actions: [{threshold_percent: 0, action: throttle, delay_ms: 1}, {threshold_percent: 100, action: reject}]
          - id: shadow
            spec:
              mode: shadow
              selector: {pathPrefix: /shadow}
              rules:
                - {name: r, limit_keys: ['header:nobody-sends'], on_missing: deny, algorithm: token_bucket, algorithm_config: {tokens_per_second: 1, burst: 1} }
          - id: trial
            spec:
              selector: {pathPrefix: /trial}
              rules:
                - name: r
                  limit_keys: []
                  algorithm: token_bucket
                  algorithm_config: {tokens_per_second: 1000, burst: 1000}
                  shadow: {algorithm: token_bucket, algorithm_config: {tokens_per_second: 1, burst: 1}}
          - id: refuse
            spec:
              selector: {pathPrefix: /refuse}
              rules:
                - {name: r, limit_keys: ['header:nobody-sends'], on_missing: deny, algorithm: token_bucket, algorithm_config: {tokens_per_second: 1, burst: 1} }
        """;

    public static TheoryData<int, bool> Times => new() { { 3, true }, { 3, false }, { 120, true }, { 120, false } };

    [Theory]
    [MemberData(nameof(Times))]
    public async Task AllButPlainAllows_AreKept_ForTheTimeConfigured(int minutes, bool lanes)
    {
        await using var edge = await EdgeUnderTest.StartAsync(
            Bundle,
            options => options with { Explain = options.Explain with { SampleAllowsPerMillion = 0, Keep = TimeSpan.FromMinutes(minutes) } },
            new EdgeHostSettings { DecisionLane = lanes, ProxyLane = lanes });
        using var admin = ExplainAdminTests.AdminOf(edge);
        (await edge.DecideAsync("/trial")).Dispose(); // The only one that the limit on trial agrees to.
        var kept = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in (string[])["/warn", "/throttle", "/shadow", "/trial", "/refuse", "/plain"])
        {
            using var decided = await edge.DecideAsync(path);
            kept["decision " + path] = IdOf(decided);
            if (path != "/throttle")
            {
                using var forwarded = await edge.GetAsync(path);
                kept["proxy " + path] = IdOf(forwarded);
            }
        }

        await AssertKeptAsync(path => path != "/plain");
        edge.Time.Advance(TimeSpan.FromMinutes(minutes) - TimeSpan.FromMilliseconds(1));
        await AssertKeptAsync(path => path != "/plain");
        edge.Time.Advance(TimeSpan.FromMilliseconds(1));
        await AssertKeptAsync(_ => false);

        async Task AssertKeptAsync(Func<string, bool> isKept)
        {
            foreach (var (name, id) in kept)
            {
                using var story = await admin.GetAsync("/explain/" + id);
                var expected = isKept(name[name.IndexOf('/', StringComparison.Ordinal)..]) ? HttpStatusCode.OK : HttpStatusCode.NotFound;
                Assert.True(story.StatusCode == expected, $"{name}: {story.StatusCode}");
            }
        }
    }

    private static string IdOf(HttpResponseMessage response)
    {
        var id = response.Header("X-EdgeGuard-Decision-Id");
        Assert.NotNull(id);
        return id;
    }
}
