using System.Text;

namespace EdgeGuard.Edge.Forwarding;

/// <summary>
/// Headers that belong to one connection, and the few that the forwarder of the YARP path keeps to itself as well: neither requests nor responses are passed on with
/// them.
/// </summary>
internal static class HopByHop
{
    private static readonly byte[][][] ByLength = Sort(
        "Connection",
        "Transfer-Encoding",
        "Keep-Alive",
        "Upgrade",
        "Proxy-Connection",
        "Proxy-Authenticate",
        "Proxy-Authentication-Info",
        "Proxy-Authorization",
        "Proxy-Features",
        "Proxy-Instruction",
        "Security-Scheme",
        "ALPN",
        "Close",
        "HTTP2-Settings",
        "Upgrade-Insecure-Requests",
        "TE",
        "Alt-Svc");

    /// <summary>Whether a header is one of them.</summary>
    public static bool Contains(ReadOnlySpan<byte> name)
    {
        if (name.Length >= ByLength.Length)
        {
            return false;
        }

        foreach (var one in ByLength[name.Length])
        {
            if (Ascii.EqualsIgnoreCase(name, one))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a header is one of them.</summary>
    public static bool Contains(ReadOnlySpan<char> name)
    {
        if (name.Length >= ByLength.Length)
        {
            return false;
        }

        foreach (var one in ByLength[name.Length])
        {
            if (Ascii.EqualsIgnoreCase(one, name))
            {
                return true;
            }
        }

        return false;
    }

    private static byte[][][] Sort(params string[] names) =>
        [.. Enumerable.Range(0, names.Max(name => name.Length) + 1).Select(length => names.Where(name => name.Length == length).Select(Encoding.ASCII.GetBytes).ToArray())];
}
