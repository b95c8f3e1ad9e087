using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Validation;
using EdgeGuard.Conformance.Tests.Cases;
using EdgeGuard.Engine.Compile;

namespace EdgeGuard.Conformance.Tests.Doors;

/// <summary>Every case of every bundle through the engine.</summary>
public sealed class EngineDoorTests
{
    public static TheoryData<string> Files => [.. Suite.BundleFiles];

    [Theory]
    [MemberData(nameof(Files))]
    public void Cases_ThroughTheEngine_GiveWhatTheyExpect(string file)
    {
        var build = BundleBuilder.Build(Suite.Read(file), file, ValidationContext.Unknown);

        Assert.Empty(build.Diagnostics.Where(diagnostic => diagnostic.Severity == Severity.Error).Select(DiagnosticFormatter.Format));
        Assert.NotEmpty(build.Tests);
        Assert.All(build.Tests, test => Assert.True(test.Passed, test.Name));
    }
}
