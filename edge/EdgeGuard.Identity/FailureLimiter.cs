using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace EdgeGuard.Identity;

/// <summary>
/// Bounds how many credentials of one client fail before no more of them are checked, by the generic cell rate algorithm. Ask before what costs, and
/// charge what failed; what is known from a cache neither asks nor is charged. Fixed memory; addresses are kept as keyed hashes only. Thread-safe.
/// </summary>
internal sealed class FailureLimiter
{
    // 8192 clients, 192 KiB.
    private const int Ways = 4;
    private const int Sets = 2048;

    // Failures beyond the burst, of checks that ran side by side, are owed too, up to as many again.
    private const int LargestDebt = 2;

    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly long _interval;
    private readonly long _tolerance;
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly Entry[] _entries = new Entry[Sets * Ways];
    private readonly Lock[] _locks = [.. Enumerable.Range(0, 64).Select(_ => new Lock())];
    private long _refused;

    /// <summary>A limiter without any failure.</summary>
    /// <param name="burst">Failures of one client that are checked at once; 0 for no limit at all.</param>
    /// <param name="perSecond">How many are forgiven in a second; above 0.</param>
    /// <param name="time">Monotonic time.</param>
    public FailureLimiter(int burst, double perSecond, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(burst);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(perSecond);
        _time = time;
        _start = time.GetTimestamp();
        _interval = Math.Max(1, (long)(TimeSpan.TicksPerSecond / perSecond));
        _tolerance = burst * _interval;
    }

    /// <summary>How often <see cref="IsExhausted"/> said so.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Whether nothing more of this client is to be checked for now. Never so for one whose address is not known.</summary>
    /// <param name="client">The client's address; of IPv6 its network of 64 bits counts, which is what one customer is given.</param>
    public bool IsExhausted(IPAddress? client)
    {
        if (client is null || _tolerance == 0)
        {
            return false;
        }

        var hash = HashOf(client);
        var set = SetOf(hash);
        lock (LockOf(set))
        {
            var entry = Find(set, hash);
            if (entry < 0 || _entries[entry].DueAt + _interval - Now <= _tolerance)
            {
                return false;
            }
        }

        Interlocked.Increment(ref _refused);
        return true;
    }

    /// <summary>Charges one failure.</summary>
    /// <param name="client">As for <see cref="IsExhausted"/>.</param>
    public void Charge(IPAddress? client)
    {
        if (client is null || _tolerance == 0)
        {
            return;
        }

        var hash = HashOf(client);
        var set = SetOf(hash);
        lock (LockOf(set))
        {
            var now = Now;
            var index = Find(set, hash);
            if (index < 0)
            {
                index = LeastOwing(set);
                _entries[index] = new Entry(hash, now);
            }

            var due = Math.Max(_entries[index].DueAt, now) + _interval;
            _entries[index] = new Entry(hash, Math.Min(due, now + (LargestDebt * _tolerance)));
        }
    }

    private long Now => _time.GetElapsedTime(_start).Ticks;

    private static int SetOf(ulong hash) => (int)(hash % Sets) * Ways;

    private Lock LockOf(int set) => _locks[set / Ways % _locks.Length];

    private int Find(int set, ulong hash)
    {
        for (var way = set; way < set + Ways; way++)
        {
            if (_entries[way].Hash == hash)
            {
                return way;
            }
        }

        return -1;
    }

    // Who is forgotten may fail anew; never is one client taken for another.
    private int LeastOwing(int set)
    {
        var least = set;
        for (var way = set + 1; way < set + Ways; way++)
        {
            if (_entries[way].DueAt < _entries[least].DueAt)
            {
                least = way;
            }
        }

        return least;
    }

    private ulong HashOf(IPAddress client)
    {
        Span<byte> address = stackalloc byte[16];
        var plain = client.IsIPv4MappedToIPv6 ? client.MapToIPv4() : client;
        _ = plain.TryWriteBytes(address, out var length);
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, plain.AddressFamily == AddressFamily.InterNetworkV6 ? address[..8] : address[..length], digest);

        // Zero marks an entry that was never used.
        return Math.Max(1, BitConverter.ToUInt64(digest));
    }

    private readonly record struct Entry(ulong Hash, long DueAt);
}
