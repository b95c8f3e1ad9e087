namespace EdgeGuard.Edge.Bundles;

/// <summary>The one way a bundle comes into force, whatever it came from.</summary>
internal sealed class BundleActivator
{
    /// <summary>Verifies, builds, swaps and keeps a bundle, or changes nothing and says why. One at a time.</summary>
    /// <param name="document">The bytes as received: JWS, or another form where the options accept it.</param>
    /// <param name="origin">Where it came from, for status: <c>file</c>, <c>control-plane</c> or <c>last-good</c>.</param>
    public ActivationResult Activate(ReadOnlyMemory<byte> document, string origin) => throw new NotImplementedException();
}
