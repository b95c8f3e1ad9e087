using System.Security.Cryptography;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Reading;
using EdgeGuard.Bundles.Validation;
using EdgeGuard.Engine.Testing;

namespace EdgeGuard.Engine.Compile;

/// <summary>From text to a policy in force, the same for edge, control plane and CLI: read, validate, compile, run its own tests.</summary>
public static class BundleBuilder
{
    /// <summary>Builds a bundle from YAML or JSON. A bundle that fails its own tests has no <see cref="BundleBuild.Policy"/>.</summary>
    public static BundleBuild Build(ReadOnlyMemory<byte> text, string fileName, ValidationContext context)
    {
        var read = BundleReader.Read(text, fileName, context);
        if (read.Document is null || read.Root is null)
        {
            return new BundleBuild { Diagnostics = read.Diagnostics };
        }

        var json = CanonicalJson.Write(read.Root);
        var digest = Convert.ToHexStringLower(SHA256.HashData(json));
        var policy = PolicyCompiler.Compile(read.Document, digest);
        var tests = PlaceOfFailures.Find(PolicyTestRunner.Run(read.Document.Tests, policy), read.Root);
        var diagnostics = read.Diagnostics;
        var refused = false;
        foreach (var test in tests)
        {
            diagnostics = diagnostics.AddRange(test.Failures);
        }

        foreach (var diagnostic in diagnostics)
        {
            refused |= diagnostic.Severity == Severity.Error;
        }

        return new BundleBuild
        {
            Policy = refused ? null : policy,
            Document = read.Document,
            CanonicalJson = json,
            Digest = digest,
            Diagnostics = diagnostics,
            Tests = tests,
        };
    }
}
