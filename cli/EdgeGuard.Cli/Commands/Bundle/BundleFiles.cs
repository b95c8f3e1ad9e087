using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Validation;
using EdgeGuard.Cli.Input;
using EdgeGuard.Engine.Compile;

namespace EdgeGuard.Cli.Commands.Bundle;

/// <summary>Reads and builds a bundle exactly as an edge would.</summary>
internal static class BundleFiles
{
    public static BundleBuild Build(CliHost host, string path) =>
        BundleBuilder.Build(CliFiles.Read(host, path), path, ValidationContext.Unknown);

    public static bool HasErrors(BundleBuild build) =>
        build.Policy is null || build.Diagnostics.Any(problem => problem.Severity == Severity.Error);
}
