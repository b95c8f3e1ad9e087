namespace EdgeGuard.Edge.Bundles;

/// <summary>A bundle was taken back.</summary>
/// <param name="refused">What it is refused for.</param>
internal sealed class RevertedEventArgs(ActivationResult refused) : EventArgs
{
    /// <summary>What it is refused for.</summary>
    public ActivationResult Refused { get; } = refused;
}
