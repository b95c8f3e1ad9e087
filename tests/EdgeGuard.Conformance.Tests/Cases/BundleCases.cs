using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Validation;
using EdgeGuard.Engine.Compile;

namespace EdgeGuard.Conformance.Tests.Cases;

/// <summary>A bundle of the suite and the cases in it.</summary>
internal sealed class BundleCases
{
    private BundleCases(string file, BundleReadResult read, CompiledPolicy policy)
    {
        File = file;
        Document = read.Document!;
        Policy = policy;
    }

    public string File { get; }

    public PolicyDocument Document { get; }

    public CompiledPolicy Policy { get; }

    /// <summary>
    /// Whether the cases are about a client who is no trusted proxy: they read headers that a proxy would be believed, and give none as a fact.
    /// </summary>
    public bool NeedsUntrustedClient => File.Contains("client-header", StringComparison.Ordinal);

    /// <summary>Reads and compiles without running the cases.</summary>
    public static BundleCases Read(string file)
    {
        var read = BundleReader.Read(Suite.Read(file), file, ValidationContext.Unknown);
        Assert.Empty(read.Diagnostics.Where(diagnostic => diagnostic.Severity == Severity.Error).Select(DiagnosticFormatter.Format));
        return new BundleCases(file, read, PolicyCompiler.Compile(read.Document!, "conformance"));
    }

    /// <summary>Cases that run through a door.</summary>
    public IEnumerable<PolicyTest> For(Door door) => Document.Tests
        .Where(test => DoorExceptions.Applies(File, test.Name, door))
        .Where(test => door.TellsBodies() || test.Steps.All(step => step.Request is { Body: null, Webhook: null }));
}
