using System.Globalization;
using System.Net;

namespace EdgeGuard.Options;

/// <summary>A listener's address, read: <c>host:port</c>, <c>unix:/path</c> or <c>off</c>.</summary>
/// <param name="Host">IP address, <c>localhost</c> or <c>*</c>; empty unless TCP.</param>
/// <param name="Port">0 to 65535, 0 takes a free one; 0 unless TCP.</param>
/// <param name="UnixPath">Path of a Unix socket, or null.</param>
/// <param name="IsOff">Whether nothing listens.</param>
public sealed record ListenAddress(string Host, int Port, string? UnixPath, bool IsOff)
{
    /// <summary>Longest path that fits <c>sockaddr_un</c> on Linux (108 bytes with its closing zero).</summary>
    private const int MaxUnixPath = 107;

    /// <summary>Whether only this machine can reach it.</summary>
    public bool IsLocal =>
        IsOff || UnixPath is not null || Host == "localhost" || (IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address));

    /// <summary>Reads an address; IPv6 in brackets: <c>[::1]:8081</c>.</summary>
    public static bool TryParse(string text, out ListenAddress? address)
    {
        ArgumentNullException.ThrowIfNull(text);
        address = null;
        if (text == "off")
        {
            address = new ListenAddress(string.Empty, 0, null, true);
            return true;
        }

        if (text.StartsWith("unix:", StringComparison.Ordinal))
        {
            var path = text["unix:".Length..];
            address = path.StartsWith('/') && System.Text.Encoding.UTF8.GetByteCount(path) <= MaxUnixPath
                ? new ListenAddress(string.Empty, 0, path, false)
                : null;
            return address is not null;
        }

        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > 65535)
        {
            return false;
        }

        var host = text[..colon];
        if (host is ['[', .. var inner, ']'])
        {
            host = inner;
        }
        else if (host.Contains(':', StringComparison.Ordinal))
        {
            return false;
        }

        if (host is not ("localhost" or "*") && !IPAddress.TryParse(host, out _))
        {
            return false;
        }

        address = new ListenAddress(host, port, null, false);
        return true;
    }
}
