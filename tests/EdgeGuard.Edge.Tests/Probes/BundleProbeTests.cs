using System.Net;
using System.Text.Json;
using EdgeGuard.Edge.Tests.Support;

namespace EdgeGuard.Edge.Tests.Probes;

/// <summary>Probes of a bundle: behind readiness, by counters of their own.</summary>
public sealed class BundleProbeTests
{
    private const string Policies = """
        format: edgeguard/v1
        bundle_version: 1
        policies:
          - id: api
            spec:
              selector: {pathPrefix: /v1/}
              rules:
                - {name: one, limit_keys: ['header:x-api-key'], algorithm: token_bucket, algorithm_config: {tokens_per_second: 0.001, burst: 1}}
          - id: closed
            spec:
              selector: {pathPrefix: /closed/}
              identity: required
              rules: []
        api_keys: []

        """;

    [Fact]
    public async Task Edge_WhoseProbesGetWhatTheyMust_IsReady_AndNothingIsSpentOrCounted()
    {
        await using var edge = await EdgeUnderTest.StartAsync(Policies + """
            probes:
              - {name: customers pass, request: {path: /v1/a, headers: {x-api-key: a}}, expect: allow}
              - {name: strangers do not, request: {path: /closed/a}, expect: reject}
            """);
        for (var i = 0; i < 3; i++)
        {
            edge.Time.Advance(TimeSpan.FromSeconds(2));
            using var ready = await edge.Probes.GetAsync("/readyz");
            Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        }

        var metrics = await edge.Probes.GetStringAsync("/metrics");
        Assert.DoesNotContain("edgeguard_decisions_total{", metrics, StringComparison.Ordinal);
        Assert.Contains("edgeguard_decision_duration_seconds_count 0", metrics, StringComparison.Ordinal);
        using var first = await edge.DecideAsync("/v1/a", ("x-api-key", "a"));
        using var second = await edge.DecideAsync("/v1/a", ("x-api-key", "a"));
        Assert.Equal("200 allow", first.Verdict());
        Assert.Equal("429 token_bucket_exceeded", second.Verdict());

        // A budget that its owner has spent does not make the edge unready.
        edge.Time.Advance(TimeSpan.FromSeconds(2));
        using var after = await edge.Probes.GetAsync("/readyz");
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }

    [Fact]
    public async Task Edge_WithAProbeThatFails_IsNotReady_AndSaysWhich()
    {
        await using var edge = await EdgeUnderTest.StartAsync(Policies + """
            probes:
              - {name: customers pass, request: {path: /v1/a, headers: {x-api-key: a}}, expect: allow}
              - {name: nobody passes, request: {path: /v1/a, headers: {x-api-key: b}}, expect: reject}
              - {name: keys are asked for, request: {path: /v1/a}, expect: allow}
            """);
        using var ready = await edge.Probes.GetAsync("/readyz");
        using var report = JsonDocument.Parse(await ready.Content.ReadAsStringAsync());

        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal(["probe_failed"], Texts(report, "reasons"));
        Assert.Equal(["nobody passes", "keys are asked for"], Texts(report, "probes_failed"));
    }

    [Fact]
    public async Task KillSwitch_ThatStopsAProbe_TurnsReadiness_AndBack()
    {
        await using var edge = await EdgeUnderTest.StartAsync(Policies + """
            probes:
              - {name: customers pass, request: {path: /v1/a, headers: {x-api-key: a}}, expect: allow}
            """);
        using var before = await edge.Probes.GetAsync("/readyz");
        edge.Kill("x-api-key", "a");
        using var killed = await edge.Probes.GetAsync("/readyz");
        edge.Kill("x-api-key", "other");
        using var after = await edge.Probes.GetAsync("/readyz");

        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, killed.StatusCode);
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }

    private static IEnumerable<string?> Texts(JsonDocument report, string name) =>
        report.RootElement.GetProperty(name).EnumerateArray().Select(item => item.GetString());
}
