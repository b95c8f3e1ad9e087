namespace EdgeGuard.Engine.Matching;

/// <summary>Host for matching: trimmed, lower case, port and one trailing dot removed; IPv6 literals keep their brackets.</summary>
public static class HostNormalizer
{
    /// <summary>Normalizes; the destination is at least as long as the host. Returns the length; 0 for none.</summary>
    public static int Normalize(ReadOnlySpan<byte> host, Span<byte> destination)
    {
        host = host.Trim(" \t"u8);
        host = WithoutPort(host);
        if (!host.IsEmpty && host[^1] == '.')
        {
            host = host[..^1];
        }

        for (var i = 0; i < host.Length; i++)
        {
            var c = host[i];
            destination[i] = c is >= (byte)'A' and <= (byte)'Z' ? (byte)(c | 0x20) : c;
        }

        return host.Length;
    }

    private static ReadOnlySpan<byte> WithoutPort(ReadOnlySpan<byte> host)
    {
        // Within brackets colons belong to the address.
        var colon = host.LastIndexOf((byte)':');
        if (colon < 0 || colon < host.LastIndexOf((byte)']'))
        {
            return host;
        }

        return host[(colon + 1)..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0 ? host[..colon] : host;
    }
}
