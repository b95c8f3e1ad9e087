using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Validation;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Testing;

namespace EdgeGuard.Engine.Tests.Testing;

/// <summary>What people copy from does what it says: each shipped bundle passes its own tests, without a warning.</summary>
public sealed class ExamplePolicyTests
{
    private static readonly string[] Folders = ["bundles/examples", "cli/EdgeGuard.Cli/Templates", "deploy/demo"];

    public static TheoryData<string> Files() =>
    [
        .. Folders
            .SelectMany(folder => Directory.GetFiles(RepositoryRoot.Combine(folder), "*.yaml"))
            .Select(file => Path.GetRelativePath(RepositoryRoot.Path, file))
            .Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public void Bundle_Shipped_PassesItsOwnTestsWithoutAWarning(string file)
    {
        var build = BundleBuilder.Build(File.ReadAllBytes(RepositoryRoot.Combine(file)), file, ValidationContext.Unknown);
        var told = string.Join('\n', build.Diagnostics);

        Assert.NotNull(build.Policy);
        Assert.DoesNotContain(build.Diagnostics, diagnostic => diagnostic.Severity >= Severity.Warning);
        Assert.NotEmpty(build.Tests);
        Assert.All(build.Tests, test => Assert.True(test.Passed, told));
    }

    [Fact]
    public void Files_Shipped_AreFoundInEveryFolder()
        => Assert.All(Folders, folder => Assert.Contains(Files(), row => row.Data.StartsWith(folder, StringComparison.Ordinal)));

    /// <summary>Without the policies every test of an example would see nothing refused: what the tests hold is more than that.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void Bundle_ShippedWithoutItsPolicies_FailsItsOwnTests(string file)
    {
        var document = BundleReader.Read(File.ReadAllBytes(RepositoryRoot.Combine(file)), file, ValidationContext.Unknown).Document!;

        var outcomes = EdgeGuard.Engine.Testing.PolicyTestRunner.Run(
            document.Tests, PolicyCompiler.Compile(document with { Policies = [], KillSwitches = [] }, new string('0', 64)));

        Assert.Contains(outcomes, outcome => !outcome.Passed);
    }
}
