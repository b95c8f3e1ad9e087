using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace EdgeGuard.Identity.Tokens;

/// <summary>
/// Verified tokens by header value: a fixed number of slots in sets of four, found by a hash that is keyed anew in each process, so that
/// nobody can aim at a set. Only tokens that verified are kept; reading takes no lock.
/// </summary>
internal sealed class TokenCache
{
    private const int Ways = 4;

    // Each slot can hold 8 KiB; this holds the whole to a known size whatever the tokens are.
    private const long MaxBytes = 32 * 1024 * 1024;

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

    /// <summary>The result for a header value that was verified and is still valid.</summary>
    public Credential? Find(string authorization, long nowTicks)
    {
        var set = SetOf(authorization);
        for (var way = 0; way < Ways; way++)
        {
            var entry = Volatile.Read(ref _slots[set + way]);
            if (entry is not null
                && entry.Authorization.Length == authorization.Length
                && IsSame(entry.Authorization, authorization))
            {
                return nowTicks < entry.ExpiresAt && entry.Keys is null or { IsUsable: true } ? entry.Result : null;
            }
        }

        return null;
    }

    /// <summary>Keeps a verified token; in a full set it takes the place of one that has expired, or else of each in turn.</summary>
    public void Add(string authorization, CachedToken token, long nowTicks)
    {
        var set = SetOf(authorization);
        var victim = set + (int)((uint)Interlocked.Increment(ref _turn) % Ways);
        for (var way = 0; way < Ways; way++)
        {
            var entry = Volatile.Read(ref _slots[set + way]);
            if (entry is null || entry.ExpiresAt <= nowTicks || IsSame(entry.Authorization, authorization))
            {
                victim = set + way;
                break;
            }
        }

        if (Interlocked.Add(ref _bytes, token.Authorization.Length) > MaxBytes)
        {
            Interlocked.Add(ref _bytes, -token.Authorization.Length);
            return;
        }

        var replaced = Interlocked.Exchange(ref _slots[victim], token);
        if (replaced is not null)
        {
            Interlocked.Add(ref _bytes, -replaced.Authorization.Length);
        }
    }

    // string.GetHashCode is Marvin32 under a random key of the process.
    private int SetOf(string authorization) => (string.GetHashCode(authorization, StringComparison.Ordinal) & _setMask) * Ways;

    private static bool IsSame(byte[] known, string authorization)
    {
        if (known.Length != authorization.Length)
        {
            return false;
        }

        // Tokens are credentials: compared in constant time, as every secret.
        Span<byte> bytes = stackalloc byte[known.Length];
        return Encoding.UTF8.TryGetBytes(authorization, bytes, out var written)
            && CryptographicOperations.FixedTimeEquals(bytes[..written], known);
    }
}
