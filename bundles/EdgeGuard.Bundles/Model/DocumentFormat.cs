namespace EdgeGuard.Bundles.Model;

/// <summary>Which dialect a bundle is written in.</summary>
public enum DocumentFormat : byte
{
    /// <summary><c>format: edgeguard/v1</c>: strict.</summary>
    Native,

    /// <summary>No <c>format</c>: the peer's, lenient where the peer is.</summary>
    Peer,
}
