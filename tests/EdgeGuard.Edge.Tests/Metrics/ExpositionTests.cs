using System.Globalization;
using System.Text.RegularExpressions;
using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.Metrics;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Edge.Tests.Sync;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Metrics;

public sealed partial class ExpositionTests
{
    [Fact]
    public async Task Page_IsStrictlyWellFormed()
    {
        await using var edge = await Driven();
        var families = Exposition.Parse(await edge.Probes.GetStringAsync("/metrics"));

        Assert.Equal("histogram", families["edgeguard_decision_duration_seconds"].Type);
        Assert.Contains(
            "edgeguard_decisions_total{policy=\"api\",rule=\"per-key\",verdict=\"reject\",reason=\"token_bucket_exceeded\",route=\"/v1/*\",shadow=\"false\"} 1",
            families["edgeguard_decisions_total"].Samples);
        Assert.Contains("edgeguard_descriptor_missing_total{key=\"header:x-api-key\"} 1", families["edgeguard_descriptor_missing_total"].Samples);
    }

    [Theory]
    [InlineData("deny")]
    [InlineData("allow")]
    [InlineData("shared")]
    public async Task EveryMissingKey_IsCountedOnceARequest(string onMissing)
    {
        await using var edge = await EdgeUnderTest.StartAsync($$$"""
            format: edgeguard/v1
            bundle_version: 1
            policies:
              - id: p
                spec:
                  selector: {pathPrefix: /v1/}
                  rules:
                    - {name: a, limit_keys: ['header:x-a', 'header:x-b', 'header:x-c'], on_missing: {{{onMissing}}}, algorithm: token_bucket, algorithm_config: {tokens_per_second: 1, burst: 9}}
                    - {name: b, limit_keys: ['header:x-b', 'header:x-d'], on_missing: {{{onMissing}}}, algorithm: token_bucket, algorithm_config: {tokens_per_second: 1, burst: 9}}
            """);
        (await edge.GetAsync("/v1/a", ("x-c", "known"))).Dispose();
        var samples = Exposition.Parse(await edge.Probes.GetStringAsync("/metrics"))["edgeguard_descriptor_missing_total"].Samples;

        Assert.Equal(
            [
                "edgeguard_descriptor_missing_total{key=\"header:x-a\"} 1",
                "edgeguard_descriptor_missing_total{key=\"header:x-b\"} 1",
                "edgeguard_descriptor_missing_total{key=\"header:x-d\"} 1",
            ],
            samples.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Page_HoldsNothingOfARequest()
    {
        await using var edge = await Driven();
        var page = await edge.Probes.GetStringAsync("/metrics");

        Assert.DoesNotContain("secret-key", page, StringComparison.Ordinal);
        Assert.DoesNotContain("private-path", page, StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EveryMetric_OfAStandaloneAndAConnectedEdge_IsDocumentedWithItsType()
    {
        await using var standalone = await Driven();
        await using var fixture = await SyncFixture.CreateAsync();
        await using var connected = await fixture.StartEdgeAsync();
        using var client = new HttpClient { BaseAddress = new Uri(connected.Host.AddressOf(DoorTag.Probes)!), Timeout = Eventually.Generous };
        var documented = await Documented();
        foreach (var page in new[] { await standalone.Probes.GetStringAsync("/metrics"), await client.GetStringAsync("/metrics") })
        {
            var shown = Exposition.Parse(page);
            Assert.Empty(shown.Keys.Except(documented.Keys, StringComparer.Ordinal));
            Assert.All(shown, family => Assert.Equal(documented[family.Key], family.Value.Type));
        }
    }

    [Fact]
    public async Task EveryDocumentedMetric_IsInTheCodeAndTheOtherWayRound()
    {
        var sources = Directory.GetFiles(RepositoryRoot.Combine("edge", "EdgeGuard.Edge"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));
        var written = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var source in sources)
        {
            written.UnionWith(Family().Matches(await File.ReadAllTextAsync(source)).Select(family => family.Groups["name"].Value));
        }

        Assert.Equal((await Documented()).Keys.Order(StringComparer.Ordinal), written);
    }

    [Fact]
    public void CounterSet_GivenTooManyValues_CountsTheRestAsOther()
    {
        var set = new CounterSet("key");
        for (var i = 0; i < CounterSet.MaxValues + 10; i++)
        {
            set.Add(i.ToString(CultureInfo.InvariantCulture));
        }

        Assert.Equal(10, set["other"]);
    }

    private static async Task<Dictionary<string, string>> Documented() =>
        Row().Matches(await File.ReadAllTextAsync(RepositoryRoot.Combine("docs", "metrics.md")))
            .ToDictionary(row => row.Groups["name"].Value, row => row.Groups["type"].Value, StringComparer.Ordinal);

    private static async Task<EdgeUnderTest> Driven()
    {
        var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey(burst: 1));
        (await edge.GetAsync("/v1/private-path", ("x-api-key", "secret-key"))).Dispose();
        (await edge.GetAsync("/v1/private-path", ("x-api-key", "secret-key"))).Dispose();
        (await edge.GetAsync("/v1/private-path")).Dispose();
        return edge;
    }

    [GeneratedRegex(@"^\| `(?<name>[a-z0-9_]+)` \| (?<type>counter|gauge|histogram) \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Row();

    // Names of metrics are literals, and nothing else begins like them.
    [GeneratedRegex("\"(?<name>(edgeguard|process|dotnet)_[a-z0-9_]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Family();
}
