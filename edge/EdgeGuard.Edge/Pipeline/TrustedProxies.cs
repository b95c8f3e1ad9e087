using System.Collections.Immutable;
using System.Net;

namespace EdgeGuard.Edge.Pipeline;

/// <summary>Whose forwarding headers are believed: networks of the options, and <c>unix</c> for peers on a Unix socket.</summary>
internal sealed class TrustedProxies
{
    private readonly ImmutableArray<IPNetwork> _networks;
    private readonly bool _unix;

    /// <summary>Reads the options' list; entries that are no network were refused when the options were loaded.</summary>
    public TrustedProxies(ImmutableArray<string> entries)
    {
        var networks = ImmutableArray.CreateBuilder<IPNetwork>();
        foreach (var entry in entries)
        {
            if (entry == "unix")
            {
                _unix = true;
            }
            else if (IPNetwork.TryParse(entry, out var network))
            {
                networks.Add(network);
            }
            else if (IPAddress.TryParse(entry, out var address))
            {
                networks.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            }
        }

        _networks = networks.ToImmutable();
    }

    /// <summary>Whether nobody is trusted.</summary>
    public bool IsEmpty => _networks.IsEmpty && !_unix;

    /// <summary>Whether a connection's peer is believed; null is a peer on a Unix socket.</summary>
    public bool TrustsPeer(IPAddress? peer) => peer is null ? _unix : Contains(Unmapped(peer));

    /// <summary>Whether an address belongs to a trusted proxy.</summary>
    public bool Contains(IPAddress address)
    {
        foreach (var network in _networks)
        {
            if (network.Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>IPv4 addresses on a dual-stack socket look like <c>::ffff:192.0.2.1</c>; they are counted and matched as what they are.</summary>
    public static IPAddress Unmapped(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
