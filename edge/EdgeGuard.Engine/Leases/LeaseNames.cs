using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Facts;

namespace EdgeGuard.Engine.Leases;

/// <summary>
/// The keys of one holder under one salt, and what their counters are called. Another holder's counters have other names: what a retired one has spent is
/// never taken for its successor's. Immutable but for what it remembers.
/// </summary>
internal sealed class LeaseNames
{
    /// <summary>Most limit keys of a rule.</summary>
    private const int MaxKeys = 8;

    /// <summary>Names remembered, 40 bytes each: a key is hashed anew only when another one has its place, about 2 microseconds.</summary>
    private const int Remembered = 1 << 14;

    private readonly byte[] _salt;
    private readonly CounterKey _holder;
    private readonly Entry[] _entries = new Entry[Remembered];

    public LeaseNames(string holder, ReadOnlySpan<byte> salt)
    {
        _salt = salt.ToArray();
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes("edgeguard lease holder\n" + holder));
        _holder = new CounterKey(BinaryPrimitives.ReadUInt64LittleEndian(digest), BinaryPrimitives.ReadUInt64LittleEndian(digest.AsSpan(sizeof(ulong))));
    }

    /// <summary>What a key's counter is called.</summary>
    public CounterKey Of(in LeaseKey key) => CounterKey.Of(key.A ^ _holder.Low, key.B ^ _holder.High);

    /// <summary>What the counter of a request is called.</summary>
    /// <param name="limit">The limit.</param>
    /// <param name="local">The name that a limit of this edge alone would have: what is remembered by.</param>
    /// <param name="facts">The request's facts.</param>
    public CounterKey Of(LeaseLimit limit, in CounterKey local, FactSet facts)
    {
        ref var entry = ref _entries[local.Low & (Remembered - 1)];
        var version = Volatile.Read(ref entry.Version);
        if ((version & 1) == 0)
        {
            var low = Volatile.Read(ref entry.Low);
            var high = Volatile.Read(ref entry.High);
            if (Volatile.Read(ref entry.LocalLow) == local.Low && Volatile.Read(ref entry.LocalHigh) == local.High && Volatile.Read(ref entry.Version) == version)
            {
                return new CounterKey(low, high);
            }
        }

        var name = Of(KeyOf(limit, facts));
        Remember(ref entry, version, in local, in name);
        return name;
    }

    /// <summary>The key of a request.</summary>
    public LeaseKey KeyOf(LeaseLimit limit, FactSet facts)
    {
        // Digests instead of values: all have one length, so no two lists of values read alike, and a value of 8 KiB needs no room here.
        Span<byte> input = stackalloc byte[SHA256.HashSizeInBytes * (1 + MaxKeys)];
        limit.Identity.CopyTo(input);
        var length = SHA256.HashSizeInBytes;
        foreach (var slot in limit.Slots)
        {
            length += SHA256.HashData(facts.PresentValueOf(slot), input[length..]);
        }

        Span<byte> key = stackalloc byte[LeaseKey.Size];
        HMACSHA256.HashData(_salt, input[..length], key);
        return LeaseKey.Of(key);
    }

    // Whoever finds another one writing leaves it at that.
    private static void Remember(ref Entry entry, long version, in CounterKey local, in CounterKey name)
    {
        if ((version & 1) != 0 || Interlocked.CompareExchange(ref entry.Version, version + 1, version) != version)
        {
            return;
        }

        Volatile.Write(ref entry.LocalLow, local.Low);
        Volatile.Write(ref entry.LocalHigh, local.High);
        Volatile.Write(ref entry.Low, name.Low);
        Volatile.Write(ref entry.High, name.High);
        Volatile.Write(ref entry.Version, version + 2);
    }

    private struct Entry
    {
        /// <summary>Odd while it is written.</summary>
        public long Version;

        public ulong LocalLow;
        public ulong LocalHigh;
        public ulong Low;
        public ulong High;
    }
}
