using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Engine.Compile;

/// <summary>Compiles a valid document. The very same code for edge, control plane and CLI.</summary>
public static class PolicyCompiler
{
    /// <summary>Compiles; never fails for a document that the reader accepted.</summary>
    /// <param name="document">A valid document.</param>
    /// <param name="digest">SHA-256 of its canonical JSON, lower-case hex; shown in status and metrics.</param>
    public static CompiledPolicy Compile(PolicyDocument document, string digest) => throw new NotImplementedException();
}
