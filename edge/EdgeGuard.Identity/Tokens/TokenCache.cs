using System.Numerics;
using EdgeGuard.Identity.Crypto;

namespace EdgeGuard.Identity.Tokens;

/// <summary>
/// Verified tokens by header value: a fixed number of slots in sets of four, found by a hash that is keyed anew in each process, so that
/// nobody can aim at a set. Only tokens that verified are kept; reading takes no lock.
/// </summary>
internal sealed class TokenCache
{
    private const int Ways = 4;

    // Tokens have up to 64 KiB; this holds the whole to a known size whatever they are.
    private const long MaxBytes = 64 * 1024 * 1024;

    // A token ends with its signature, which is different for each: hashing some 600 characters more before it takes time and tells nothing else. Without verification anything may
    // come, so where it begins counts too.
    private const int HashedBegin = 32;
    private const int HashedEnd = 64;

    private readonly KeyedHash _hash = new();
    private readonly CachedToken?[] _slots;
    private readonly int _setMask;
    private long _bytes;
    private int _turn;

    public TokenCache(int entries)
    {
        var sets = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, entries / Ways));
        _slots = new CachedToken?[sets * Ways];
        _setMask = sets - 1;
    }

    /// <summary>The token of a header value, or null when it is not known.</summary>
    public CachedToken? Find(ReadOnlySpan<char> authorization)
    {
        var set = SetOf(authorization);
        for (var way = 0; way < Ways; way++)
        {
            var entry = Volatile.Read(ref _slots[set + way]);
            if (entry is not null && IsSame(entry.Authorization, authorization))
            {
                return entry;
            }
        }

        return null;
    }

    /// <summary>Keeps a verified token; in a full set it takes the place of one that has expired, or else of each in turn.</summary>
    public void Add(CachedToken token, DateTimeOffset now)
    {
        var set = SetOf(token.Authorization);
        var seconds = now.ToUnixTimeMilliseconds() / 1000d;
        var victim = set + (int)((uint)Interlocked.Increment(ref _turn) % Ways);
        for (var way = 0; way < Ways; way++)
        {
            var entry = Volatile.Read(ref _slots[set + way]);
            if (entry is null || entry.Facts.ExpiresAt < seconds || IsSame(entry.Authorization, token.Authorization))
            {
                victim = set + way;
                break;
            }
        }

        if (Interlocked.Add(ref _bytes, token.Weight) > MaxBytes)
        {
            Interlocked.Add(ref _bytes, -token.Weight);
            return;
        }

        var replaced = Interlocked.Exchange(ref _slots[victim], token);
        if (replaced is not null)
        {
            Interlocked.Add(ref _bytes, -replaced.Weight);
        }
    }

    private int SetOf(ReadOnlySpan<char> authorization) => (int)(HashOf(authorization) & (uint)_setMask) * Ways;

    private ulong HashOf(ReadOnlySpan<char> authorization) => authorization.Length <= HashedBegin + HashedEnd
        ? _hash.Of(authorization)
        : _hash.Of(authorization[..HashedBegin]) ^ _hash.Of(authorization[^HashedEnd..]);

    // Tokens are credentials: compared in full and in constant time, as every secret. A different length answers at once.
    private static bool IsSame(ReadOnlySpan<char> known, ReadOnlySpan<char> authorization) => ConstantTime.AreEqual(known, authorization);
}
