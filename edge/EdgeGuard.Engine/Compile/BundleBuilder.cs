using EdgeGuard.Bundles.Validation;

namespace EdgeGuard.Engine.Compile;

/// <summary>From text to a policy in force, the same for edge, control plane and CLI: read, validate, compile, run its own tests.</summary>
public static class BundleBuilder
{
    /// <summary>Builds a bundle from YAML or JSON. A bundle that fails its own tests has no <see cref="BundleBuild.Policy"/>.</summary>
    public static BundleBuild Build(ReadOnlyMemory<byte> text, string fileName, ValidationContext context) =>
        throw new NotImplementedException();
}
