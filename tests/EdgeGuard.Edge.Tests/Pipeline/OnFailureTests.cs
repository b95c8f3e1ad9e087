using System.Text.Json.Nodes;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Options;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Pipeline;

/// <summary>What policies do when the edge itself cannot know: refuse, unless <c>on_failure</c> says otherwise, and count it either way.</summary>
public sealed class OnFailureTests
{
    [Fact]
    public async Task ExpiredBundle_IsGoneOnBy_OnlyWhereEveryPolicySaysOpen()
    {
        var time = new TestTimeProvider();
        var expires = (time.GetUtcNow() + TimeSpan.FromHours(1)).ToString("yyyy-MM-ddTHH:mm:ssZ");
        await using var edge = await EdgeUnderTest.StartAsync(
            $$"""
            format: edgeguard/v1
            bundle_version: 1
            expires_at: '{{expires}}'
            policies:
              - id: open
                spec:
                  selector: {pathPrefix: /open/}
                  on_failure: {no_bundle: open}
                  rules:
                    - {name: one, limit_keys: ['header:x-api-key'], algorithm: token_bucket, algorithm_config: {tokens_per_second: 0.0001, burst: 1} }
              - id: closed
                spec: {selector: {pathPrefix: /open/but/}, rules: []}
            """,
            options => options with { Bundle = options.Bundle with { DenyOnExpiry = true } },
            new EdgeHostSettings { Time = time });
        time.Advance(TimeSpan.FromHours(2));
        using var open = await edge.GetAsync("/open/a", ("x-api-key", "a"));
        using var spent = await edge.GetAsync("/open/a", ("x-api-key", "a"));
        using var closed = await edge.GetAsync("/open/but/a", ("x-api-key", "b"));
        using var unknown = await edge.GetAsync("/other");
        using var decided = await edge.DecideAsync("/open/a", ("x-api-key", "c"));
        edge.Kill("x-api-key", "d");
        using var killed = await edge.GetAsync("/open/a", ("x-api-key", "d"));

        Assert.Equal("200 allow", open.Verdict());
        Assert.Equal("429 token_bucket_exceeded", spent.Verdict());
        Assert.Equal("503 no_bundle_loaded", closed.Verdict());
        Assert.Equal("503 no_bundle_loaded", unknown.Verdict());
        Assert.Equal("200 allow", decided.Verdict());
        Assert.Equal("403 kill_switch", killed.Verdict());
        var metrics = await edge.Probes.GetStringAsync("/metrics");
        Assert.Contains("edgeguard_failures_total{cause=\"no_bundle\",outcome=\"open\"} 3\n", metrics, StringComparison.Ordinal);
        Assert.Contains("edgeguard_failures_total{cause=\"no_bundle\",outcome=\"closed\"} 2\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FullTable_LeavesALimitOut_OnlyWhereThePolicySaysOpen()
    {
        // Many times as many counters as there are cells, those that overflow would use among them: the chance that any set of cells has room left is below 10^-15.
        const int Fillers = 24;
        const int Rules = 64;
        const int Keys = 12;
        const string Bucket = "algorithm: token_bucket, algorithm_config: {tokens_per_second: 0.01, burst: 1000}";
        var rules = string.Join(", ", Enumerable.Range(0, Rules).Select(i => $$"""{name: r{{i}}, limit_keys: ['header:k'], {{Bucket}} }"""));
        var fillers = string.Concat(Enumerable.Range(0, Fillers).Select(
            i => $$"""  - {id: filler-{{i}}, spec: {selector: {pathPrefix: /filler/{{i}}/}, on_failure: {counters_full: open}, rules: [{{rules}}] } }""" + "\n"));
        await using var edge = await EdgeUnderTest.StartAsync(
            $$"""
            format: edgeguard/v1
            bundle_version: 1
            policies:
              - id: open
                spec: {selector: {pathPrefix: /open/}, on_failure: {counters_full: open}, rules: [{name: r, limit_keys: ['header:k'], {{Bucket}} }]}
              - id: closed
                spec: {selector: {pathPrefix: /closed/}, rules: [{name: r, limit_keys: ['header:k'], {{Bucket}} }]}
            {{fillers}}
            """,
            options => options with { CountersMemoryBytes = CounterTable.MinMemoryBytes });
        for (var i = 0; i < Fillers * Keys; i++)
        {
            using var filler = await edge.DecideAsync($"/filler/{i % Fillers}/a", ("k", $"{i / Fillers}"));
            Assert.Equal("200 allow", filler.Verdict());
        }

        var before = await OpenedAsync(edge);
        using var open = await edge.GetAsync("/open/a", ("k", "a"));
        using var closed = await edge.GetAsync("/closed/a", ("k", "a"));
        using var decided = await edge.DecideAsync("/closed/a", ("k", "a"));

        Assert.Equal(("200 allow", "503 counters_full", "503 counters_full"), (open.Verdict(), closed.Verdict(), decided.Verdict()));
        Assert.Equal(before + 1, await OpenedAsync(edge));
        var metrics = await edge.Probes.GetStringAsync("/metrics");
        Assert.Contains("edgeguard_failures_total{cause=\"counters_full\",outcome=\"closed\"} 2\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DataFileThatCouldNeverBeRead_LeavesItsRulesOut_OnlyWhereThePolicySaysOpen()
    {
        using var folder = new TempFolder();
        await using var edge = await EdgeUnderTest.StartAsync(
            """
            format: edgeguard/v1
            bundle_version: 1
            policies:
              - id: open
                spec:
                  selector: {pathPrefix: /open/}
                  on_failure: {data_unavailable: open}
                  rules:
                    - {name: lands, limit_keys: ['ip:country'], on_missing: deny, algorithm: token_bucket, algorithm_config: {tokens_per_second: 1, burst: 9} }
                    - {name: keys, limit_keys: ['header:x-api-key'], on_missing: allow, algorithm: token_bucket, algorithm_config: {tokens_per_second: 0.0001, burst: 1} }
              - id: closed
                spec:
                  selector: {pathPrefix: /closed/}
                  rules:
                    - {name: lands, limit_keys: ['ip:country'], on_missing: deny, algorithm: token_bucket, algorithm_config: {tokens_per_second: 1, burst: 9} }
            """,
            options => options with { TrustedProxies = ["10.0.0.0/8"], DataFiles = new DataFileOptions { Country = folder.Combine("country.txt") } });
        using var open = await edge.GetAsync("/open/a", ("x-api-key", "a"));
        using var spent = await edge.GetAsync("/open/a", ("x-api-key", "a"));
        using var closed = await edge.GetAsync("/closed/a");

        Assert.Equal(("200 allow", "429 token_bucket_exceeded", "403 descriptor_missing"), (open.Verdict(), spent.Verdict(), closed.Verdict()));
        var metrics = await edge.Probes.GetStringAsync("/metrics");
        Assert.Contains("edgeguard_failures_total{cause=\"data_unavailable\",outcome=\"open\"} 2\n", metrics, StringComparison.Ordinal);
        Assert.Contains("edgeguard_failures_total{cause=\"data_unavailable\",outcome=\"closed\"} 1\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task IssuerThatCannotBeReached_IsDoneWithout_OnlyWhereThePolicySaysOpen()
    {
        await using var server = await JwksServer.StartAsync();
        server.Mode = JwksMode.Down;
        await using var edge = await EdgeUnderTest.StartAsync(
            $$"""
            format: edgeguard/v1
            bundle_version: 1
            issuers:
              - {id: main, issuer: '{{server.Issuer}}', audiences: [api], algorithms: [ES256], jwks_url: '{{server.KeySetUrl}}'}
            policies:
              - id: everywhere
                spec:
                  selector: {pathPrefix: /}
                  rules:
                    - {name: keys, limit_keys: ['header:x-api-key'], on_missing: allow, algorithm: token_bucket, algorithm_config: {tokens_per_second: 0.0001, burst: 1} }
              - id: open
                spec:
                  selector: {pathPrefix: /open/}
                  identity: required
                  on_failure: {identity_unavailable: open}
                  rules:
                    - {name: users, limit_keys: ['jwt:sub'], algorithm: token_bucket, algorithm_config: {tokens_per_second: 1, burst: 1} }
              - id: closed
                spec: {selector: {pathPrefix: /closed/}, identity: required, rules: []}
            """,
            options => options with { FetchAllowedHosts = [server.BaseAddress.Authority], IdentityFailures = new IdentityFailureOptions { Burst = 0 } });
        var token = ("Authorization", "Bearer " + server.Issue(new JsonObject { ["sub"] = "eve", ["aud"] = "api" }, "ec-1", edge.Time));
        using var open = await edge.GetAsync("/open/a", token);
        using var limited = await edge.GetAsync("/open/a", token, ("x-api-key", "a"));
        using var spent = await edge.GetAsync("/open/a", token, ("x-api-key", "a"));
        using var closed = await edge.GetAsync("/closed/a", token);
        using var none = await edge.GetAsync("/open/a");
        using var malformed = await edge.GetAsync("/open/a", ("Authorization", "Bearer x.y.z"));

        Assert.Equal("200 allow", open.Verdict());
        Assert.Equal("200 allow", limited.Verdict());

        // What does not need to know who calls holds all the same.
        Assert.Equal("429 token_bucket_exceeded", spent.Verdict());
        Assert.Equal("401 identity_invalid", closed.Verdict());
        Assert.Equal("401 identity_required", none.Verdict());
        Assert.Equal("401 identity_invalid", malformed.Verdict());
        var metrics = await edge.Probes.GetStringAsync("/metrics");
        Assert.Contains("edgeguard_failures_total{cause=\"identity_unavailable\",outcome=\"open\"} 3\n", metrics, StringComparison.Ordinal);
        Assert.Contains("edgeguard_failures_total{cause=\"identity_unavailable\",outcome=\"closed\"} 1\n", metrics, StringComparison.Ordinal);
    }

    private static async Task<long> OpenedAsync(EdgeUnderTest edge)
    {
        const string Series = "edgeguard_failures_total{cause=\"counters_full\",outcome=\"open\"} ";
        var line = (await edge.Probes.GetStringAsync("/metrics")).Split('\n').SingleOrDefault(line => line.StartsWith(Series, StringComparison.Ordinal));
        Assert.NotNull(line);
        return long.Parse(line[Series.Length..], System.Globalization.CultureInfo.InvariantCulture);
    }
}
