using System.Net;
using System.Net.Sockets;

namespace EdgeGuard.Identity.Keys;

/// <summary>Tells addresses of the internet from those that mean a machine's own network, by the registries of special-purpose addresses (RFC 6890).</summary>
internal static class PublicAddress
{
    private static readonly IPNetwork[] Special =
    [
        IPNetwork.Parse("0.0.0.0/8"), // This network.
        IPNetwork.Parse("10.0.0.0/8"), // Private, RFC 1918.
        IPNetwork.Parse("100.64.0.0/10"), // Shared by a provider's customers, RFC 6598.
        IPNetwork.Parse("127.0.0.0/8"), // Loopback.
        IPNetwork.Parse("169.254.0.0/16"), // Link-local; clouds serve credentials there.
        IPNetwork.Parse("172.16.0.0/12"), // Private, RFC 1918.
        IPNetwork.Parse("192.0.0.0/24"), // Protocols; some clouds serve credentials there.
        IPNetwork.Parse("192.168.0.0/16"), // Private, RFC 1918.
        IPNetwork.Parse("198.18.0.0/15"), // Measurements, RFC 2544.
        IPNetwork.Parse("224.0.0.0/3"), // Multicast, reserved and broadcast.
        IPNetwork.Parse("::/96"), // Unspecified, loopback, and IPv4 in a form that is given up.
        IPNetwork.Parse("64:ff9b:1::/48"), // Translation of a network's own, RFC 8215.
        IPNetwork.Parse("100::/64"), // Discarded, RFC 6666.
        IPNetwork.Parse("2001::/32"), // Teredo, which hides an IPv4 address.
        IPNetwork.Parse("fc00::/7"), // Private, RFC 4193.
        IPNetwork.Parse("fe80::/10"), // Link-local.
        IPNetwork.Parse("fec0::/10"), // Site-local, RFC 3879.
        IPNetwork.Parse("ff00::/8"), // Multicast.
    ];

    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");

    /// <summary>Whether an address is one of the internet. IPv6 addresses that hold an IPv4 one (mapped, RFC 6052, RFC 3056) are judged by that.</summary>
    public static bool Contains(IPAddress address)
    {
        var plain = Unwrap(address);
        foreach (var network in Special)
        {
            if (network.Contains(plain))
            {
                return false;
            }
        }

        return true;
    }

    private static IPAddress Unwrap(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        Span<byte> bytes = stackalloc byte[16];
        _ = address.TryWriteBytes(bytes, out _);

        // Without its zone, which is no part of a network.
        var plain = new IPAddress(bytes);
        return Translated.Contains(plain) ? new IPAddress(bytes[12..])
            : SixToFour.Contains(plain) ? new IPAddress(bytes.Slice(2, 4))
            : plain;
    }
}
