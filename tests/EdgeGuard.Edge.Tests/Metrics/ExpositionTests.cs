using System.Globalization;
using System.Text.RegularExpressions;
using EdgeGuard.Edge.Metrics;
using EdgeGuard.Edge.Tests.Support;
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
    public async Task EveryMetric_IsDocumented()
    {
        await using var edge = await Driven();
        var shown = Exposition.Parse(await edge.Probes.GetStringAsync("/metrics"));
        var documented = Row().Matches(await File.ReadAllTextAsync(RepositoryRoot.Combine("docs", "metrics.md")))
            .ToDictionary(row => row.Groups["name"].Value, row => row.Groups["type"].Value, StringComparer.Ordinal);

        Assert.Empty(shown.Keys.Except(documented.Keys, StringComparer.Ordinal));
        Assert.All(shown, family => Assert.Equal(documented[family.Key], family.Value.Type));
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
}
