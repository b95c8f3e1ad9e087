using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace EdgeGuard.Identity.Tokens;

/// <summary>
/// Tokens whose signature did not fit, for a few seconds, so that a flood of one bad token costs no further signature check. Kept by a keyed hash
/// of 128 bits; a fixed number of slots, the newer entry counts. Emptied, as the verified ones are, when a key or an issuer changes. Thread-safe.
/// </summary>
internal sealed class RefusedTokens
{
    /// <summary>How long a refusal is remembered.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);

    private const int Slots = 1024;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly Entry?[] _slots = new Entry?[Slots];
    private int _used;

    /// <summary>The refusal of a token that was refused a moment ago, or null.</summary>
    public Credential? Find(ReadOnlySpan<char> token, DateTimeOffset now)
    {
        if (Volatile.Read(ref _used) == 0)
        {
            return null;
        }

        var hash = HashOf(token);
        return Volatile.Read(ref _slots[SlotOf(hash)]) is { } entry && entry.Hash == hash && now < entry.Until ? entry.Refusal : null;
    }

    /// <summary>Remembers a refusal.</summary>
    public void Add(ReadOnlySpan<char> token, Credential refusal, DateTimeOffset now)
    {
        var hash = HashOf(token);
        Volatile.Write(ref _slots[SlotOf(hash)], new Entry(hash, refusal, now + Lifetime));
        Volatile.Write(ref _used, 1);
    }

    private static int SlotOf(UInt128 hash) => (int)((uint)hash % Slots);

    private UInt128 HashOf(ReadOnlySpan<char> token)
    {
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, MemoryMarshal.AsBytes(token), digest);
        return BinaryPrimitives.ReadUInt128LittleEndian(digest);
    }

    private sealed record Entry(UInt128 Hash, Credential Refusal, DateTimeOffset Until);
}
