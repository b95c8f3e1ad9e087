namespace EdgeGuard.Engine.Matching;

/// <summary>Host for matching: trimmed, lower case, port and one trailing dot removed; IPv6 literals keep their brackets.</summary>
public static class HostNormalizer
{
    /// <summary>Normalizes; the destination is at least as long as the host. Returns the length; 0 for none.</summary>
    public static int Normalize(ReadOnlySpan<byte> host, Span<byte> destination) => throw new NotImplementedException();
}
