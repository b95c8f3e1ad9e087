using System.Net;

namespace EdgeGuard.Edge.Debug;

/// <summary>
/// How often the secret may be tried: by one client and by all together, in each minute. All attempts count, right or wrong. The limit for all
/// bounds the table of clients.
/// </summary>
internal sealed class AttemptLimit
{
    /// <summary>Attempts of one client in a minute.</summary>
    public const int PerClient = 5;

    /// <summary>Attempts of everybody in a minute: at this pace 16 random characters outlast the sun.</summary>
    public const int Everybody = 60;

    private const long WindowNanoseconds = 60_000_000_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, int> _clients = [];
    private long _began = long.MinValue;
    private int _all;

    /// <summary>Counts an attempt.</summary>
    /// <param name="client">Who tries; null for everybody without an address.</param>
    /// <param name="now">Monotonic nanoseconds.</param>
    /// <returns>Seconds to wait, or 0 when it may be tried.</returns>
    public int Try(IPAddress? client, long now)
    {
        client = Network(client ?? IPAddress.None);
        lock (_gate)
        {
            if (_began == long.MinValue || now - _began >= WindowNanoseconds)
            {
                (_began, _all) = (now, 0);
                _clients.Clear();
            }

            var mine = _clients.GetValueOrDefault(client);
            if (mine >= PerClient || _all >= Everybody)
            {
                return (int)((WindowNanoseconds - (now - _began) + 999_999_999) / 1_000_000_000);
            }

            _clients[client] = mine + 1;
            _all++;
            return 0;
        }
    }

    // Whoever has one IPv6 address has the 2^64 beside it.
    private static IPAddress Network(IPAddress client)
    {
        if (client.AddressFamily != System.Net.Sockets.AddressFamily.InterNetworkV6)
        {
            return client;
        }

        Span<byte> bytes = stackalloc byte[16];
        client.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return new IPAddress(bytes);
    }
}
