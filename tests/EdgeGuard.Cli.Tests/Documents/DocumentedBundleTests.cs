using System.Text.RegularExpressions;
using EdgeGuard.Testing;

namespace EdgeGuard.Cli.Tests.Documents;

/// <summary>Bundles that the documents show whole are valid, without a warning, and pass their own tests.</summary>
public sealed partial class DocumentedBundleTests : IDisposable
{
    private readonly CliSession _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task PolicyReference_CompleteExample_IsValidAndPassesItsTests()
    {
        var page = await File.ReadAllTextAsync(RepositoryRoot.Combine("docs", "policy-reference.md"));
        var example = Assert.Single(WholeBundle().Matches(page)).Groups["bundle"].Value;
        _cli.Write("policies.yaml", example);

        var result = (await _cli.RunAsync("validate", "--strict", "policies.yaml", "--json")).Exits(0);

        Assert.DoesNotContain("warning", result.Error, StringComparison.Ordinal);
        Assert.Contains("tests:", example, StringComparison.Ordinal);
    }

    public static TheoryData<string> GuidePages =>
    [
        .. new[] { "cookbook", "identity" }
            .SelectMany(folder => Directory.EnumerateFiles(RepositoryRoot.Combine("docs", folder), "*.md").Select(path => folder + "/" + Path.GetFileName(path)))
            .Where(name => !name.EndsWith("/README.md", StringComparison.Ordinal))
            .Append("llm.md")
            .Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(GuidePages))]
    public async Task Guide_EveryBundle_IsValidWithoutAWarningAndPassesItsTests(string pageName)
    {
        var page = await File.ReadAllTextAsync(RepositoryRoot.Combine("docs", pageName));
        var examples = WholeBundle().Matches(page).Select(match => match.Groups["bundle"].Value).ToList();
        Assert.NotEmpty(examples);
        foreach (var example in examples)
        {
            _cli.Write("policies.yaml", example);

            var result = (await _cli.RunAsync("validate", "--strict", "policies.yaml", "--json")).Exits(0);

            Assert.DoesNotContain("warning", result.Error, StringComparison.Ordinal);

            // A recipe shows its numbers; a page about callers may leave them to the tests of its edge.
            Assert.True(pageName.StartsWith("identity/", StringComparison.Ordinal) || example.Contains("\ntests:", StringComparison.Ordinal), "it has no tests");
        }
    }

    [Fact]
    public async Task Demonstration_Bundle_IsValidWithoutAWarning() =>
        (await _cli.RunAsync("validate", "--strict", RepositoryRoot.Combine("deploy", "demo", "policies.yaml"))).Exits(0);

    [GeneratedRegex(@"^```yaml\n(?<bundle>format: edgeguard/v1\n[\s\S]*?)^```", RegexOptions.Multiline)]
    private static partial Regex WholeBundle();
}
