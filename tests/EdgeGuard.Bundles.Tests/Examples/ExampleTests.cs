using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Reading;
using EdgeGuard.Bundles.Tests.Schema;
using EdgeGuard.Bundles.Validation;

namespace EdgeGuard.Bundles.Tests.Examples;

/// <summary>The golden examples are what people copy: they must be beyond reproach.</summary>
public sealed class ExampleTests
{
    public static TheoryData<string> Files() =>
        [.. Directory.GetFiles(Repository.PathOf("bundles/examples"), "*.yaml").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Example_Read_GivesNeitherErrorNorWarning(string file)
    {
        var result = Read(file);

        Assert.DoesNotContain(result.Diagnostics, d => d.Severity >= Severity.Warning);
        Assert.NotNull(result.Document);
        Assert.Equal(DocumentFormat.Native, result.Document.Format);
        Assert.NotEmpty(result.Document.Tests);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Example_AsCanonicalJson_BindsToTheSameDocument(string file)
    {
        var result = Read(file);
        var json = BundleReader.Read(CanonicalJson.Write(result.Root!), "bundle.json", ValidationContext.Unknown);

        Assert.NotNull(json.Document);
        Assert.Equal(CanonicalJson.Write(result.Root!), CanonicalJson.Write(json.Root!));
        Assert.Equal(result.Document!.Policies.Length, json.Document.Policies.Length);
        Assert.Empty(EdgeGuard.Bundles.Diff.BundleDiff.Compare(result.Document, json.Document));
    }

    [Fact]
    public void Examples_Always_AreOneForEachKindOfService()
    {
        string[] expected =
        [
            "agent-guard.yaml", "api-rate-limit.yaml", "kill-switch.yaml", "llm-budget.yaml", "login-guard.yaml", "shadow-rollout.yaml",
            "staged-budget.yaml", "tenant-plans.yaml", "webhook-intake.yaml",
        ];
        Assert.Equal(expected, Files().Select(row => row.Data));
    }

    private static BundleReadResult Read(string file) =>
        BundleReader.Read(File.ReadAllBytes(Repository.PathOf("bundles/examples/" + file)), file, ValidationContext.Unknown);
}
