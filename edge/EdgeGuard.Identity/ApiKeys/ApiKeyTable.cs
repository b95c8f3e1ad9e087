using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Identity.ApiKeys;

/// <summary>
/// Keys by digest. The bucket comes from a hash of the digest under a random key of this table, and the digests in it are compared in full and in
/// constant time: what a look-up takes tells nothing of the digests that are stored. Immutable.
/// </summary>
internal sealed class ApiKeyTable
{
    public static readonly ApiKeyTable Empty = new([]);

    private readonly ApiKeyEntry[] _entries;
    private readonly int[] _heads;
    private readonly int[] _next;
    private readonly ulong _key0;
    private readonly ulong _key1;

    /// <summary>A table of some keys; of two with one digest the first counts.</summary>
    public ApiKeyTable(IEnumerable<ApiKeyDefinition> definitions)
    {
        Span<ulong> keys = stackalloc ulong[2];
        RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(keys));
        (_key0, _key1) = (keys[0] | 1, keys[1]);
        _entries = [.. definitions.DistinctBy(definition => definition.Sha256, StringComparer.Ordinal).Select(definition => new ApiKeyEntry(definition))];
        _heads = new int[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, _entries.Length * 2))];
        _next = new int[_entries.Length];
        for (var i = 0; i < _entries.Length; i++)
        {
            ref var head = ref _heads[BucketOf(_entries[i].Digest)];
            _next[i] = head;
            head = i + 1;
        }
    }

    /// <summary>How many keys there are.</summary>
    public int Count => _entries.Length;

    /// <summary>The key of a digest, or null.</summary>
    public ApiKeyEntry? Find(ReadOnlySpan<byte> digest)
    {
        for (var i = _heads[BucketOf(digest)]; i != 0; i = _next[i - 1])
        {
            if (CryptographicOperations.FixedTimeEquals(_entries[i - 1].Digest, digest))
            {
                return _entries[i - 1];
            }
        }

        return null;
    }

    // Multiply-shift over the whole digest: 32 bytes that are random already, so a multiplication by a secret odd number spreads them.
    private int BucketOf(ReadOnlySpan<byte> digest)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(digest);
        var mixed = ((words[0] ^ _key1) * _key0) + words[1];
        mixed = ((mixed ^ words[2]) * _key0) + words[3];
        return (int)((mixed * _key0) >> 32) & (_heads.Length - 1);
    }
}
