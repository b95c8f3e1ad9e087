namespace EdgeGuard.Bundles.Signing;

/// <summary>
/// The newest (epoch, sequence) accepted of one lineage and type of document. A document must lie above it; one that equals it
/// is the same document again.
/// </summary>
/// <param name="Lineage">Issuer it belongs to; empty when nothing was accepted yet.</param>
/// <param name="Epoch">Newest epoch.</param>
/// <param name="Sequence">Newest sequence in that epoch.</param>
public readonly record struct HighWaterMark(string Lineage, long Epoch, long Sequence)
{
    /// <summary>Nothing accepted yet.</summary>
    public static HighWaterMark None => new(string.Empty, -1, 0);

    /// <summary>Whether (epoch, sequence) lies above.</summary>
    public bool IsBelow(long epoch, long sequence) => epoch > Epoch || (epoch == Epoch && sequence > Sequence);

    /// <summary>Whether (epoch, sequence) is this very mark.</summary>
    public bool Equals(long epoch, long sequence) => epoch == Epoch && sequence == Sequence;
}
