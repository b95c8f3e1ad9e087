using System.Text.RegularExpressions;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Tests.Schema;
using EdgeGuard.Bundles.Tests.Validation;

namespace EdgeGuard.Bundles.Tests.Examples;

/// <summary>What the reference shows can be copied: rules, and what protects a policy, are valid where they belong.</summary>
public sealed partial class ReferenceExampleTests
{
    private const string Issuers = "issuers: [{id: a, issuer: b, audiences: [c], algorithms: [RS256], jwks_file: /keys}]";

    [Fact]
    public void Page_EveryExample_IsValidWithoutAWarning()
    {
        var examples = Fenced().Matches(File.ReadAllText(Repository.PathOf("docs/policy-reference.md"))).Select(m => m.Groups["text"].Value).ToList();

        Assert.True(examples.Count > 12, $"only {examples.Count} examples");
        foreach (var example in examples)
        {
            var result = Sample.Read(Whole(example));
            Assert.True(result.Document is not null, example + string.Join("\n", result.Diagnostics));
            Assert.DoesNotContain(result.Diagnostics, d => d.Severity == Severity.Warning);
        }
    }

    private static string Whole(string example)
    {
        if (example.StartsWith("format:", StringComparison.Ordinal))
        {
            return example;
        }

        var isRule = example.StartsWith("- name:", StringComparison.Ordinal);
        Assert.True(isRule || example.Split('\n')[0].EndsWith(':'), "neither a bundle nor a rule nor a field of a policy: " + example);
        return $"""
            format: edgeguard/v1
            {Issuers}
            policies:
              - id: shown
                spec:
                  selector: {"{pathPrefix: /v1/}"}
            {(isRule ? "      rules:\n" + Indented(example, 8) : "      rules: [" + Sample.Rule.Replace("header:x-api-key", "ip:address", StringComparison.Ordinal) + "]\n" + Indented(example, 6))}
            """;
    }

    private static string Indented(string text, int by) => string.Join('\n', text.TrimEnd().Split('\n').Select(line => new string(' ', by) + line));

    [GeneratedRegex(@"^```yaml\n(?<text>[\s\S]*?)^```", RegexOptions.Multiline)]
    private static partial Regex Fenced();
}
