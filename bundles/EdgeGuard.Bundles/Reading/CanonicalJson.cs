namespace EdgeGuard.Bundles.Reading;

/// <summary>
/// Writes a node as canonical JSON after RFC 8785 (JCS): keys sorted by UTF-16 code units, shortest numbers, no white space.
/// What is signed and what the edge reads.
/// </summary>
public static class CanonicalJson
{
    /// <summary>The canonical UTF-8 bytes of a node.</summary>
    public static byte[] Write(Node root) => throw new NotImplementedException();
}
