using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace EdgeGuard.Identity.Keys;

/// <summary>Which addresses key sets may be fetched from: https (or http to this machine), and hosts that the options list.</summary>
public static class FetchAddress
{
    /// <summary>Whether keys may be fetched from an address.</summary>
    public static bool IsAllowed(string text, IdentityOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return TryParse(text, options, out _, out _);
    }

    /// <summary>The address, or false with the reason. The reason names the host only: the rest may hold a resolved secret.</summary>
    internal static bool TryParse(string text, IdentityOptions options, [NotNullWhen(true)] out Uri? address, out string why)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out address) || address.Host.Length == 0)
        {
            why = "it is not an absolute address";
            return false;
        }

        if (address.UserInfo.Length > 0)
        {
            why = "it holds a user name or password";
            return false;
        }

        var isHttps = address.Scheme == Uri.UriSchemeHttps;
        if (!isHttps && !(address.Scheme == Uri.UriSchemeHttp && address.IsLoopback && options.AllowHttpLoopback))
        {
            why = "only https is allowed (http to this machine alone)";
            return false;
        }

        var host = address.IdnHost.ToLowerInvariant();
        var withPort = string.Create(CultureInfo.InvariantCulture, $"{(address.HostNameType == UriHostNameType.IPv6 ? $"[{host.Trim('[', ']')}]" : host)}:{address.Port}");
        var listed = options.FetchHosts.Contains(host) || options.FetchHosts.Contains(address.Host) || options.FetchHosts.Contains(withPort);
        why = listed ? string.Empty : $"host {withPort} is not among the hosts that the options allow";
        return listed;
    }
}
