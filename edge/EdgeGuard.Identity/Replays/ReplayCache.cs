using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace EdgeGuard.Identity.Replays;

/// <summary>
/// Remembers nonces, proofs and signatures until they are too old to be taken again. Bounded; by a hash under a key of this process, so that nobody
/// can aim at a collision. Full means refused: forgetting one early would let it pass again. Only what has verified is to be put in, and each source
/// has a share, so that a stranger cannot fill it and no agent can fill it for the others.
/// </summary>
internal sealed class ReplayCache
{
    private const int Shards = 16;

    // A quarter of everything for one source.
    private const int ShareOfSource = 4;

    // Names and nonces; what was signed as a whole may be longer.
    private const int OnStack = 512;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly ReplayShard[] _shards;
    private readonly TimeProvider _time;
    private readonly int _capacity;
    private long _replayed;
    private long _full;

    /// <summary>An empty cache.</summary>
    /// <param name="capacity">Most that is remembered at one time; some 100 bytes each, taken when used.</param>
    /// <param name="time">Clock.</param>
    public ReplayCache(int capacity, TimeProvider time)
    {
        _time = time;
        _capacity = capacity;
        var each = Math.Max(1, capacity / Shards);
        _shards = [.. Enumerable.Range(0, Shards).Select(_ => new ReplayShard(each, Math.Max(1, each / ShareOfSource)))];
    }

    /// <summary>How much is remembered.</summary>
    public int Count => _shards.Sum(shard => shard.Count);

    /// <summary>How it stands.</summary>
    /// <param name="memory">What it is called.</param>
    public ReplayStatus StatusOf(string memory) => new(memory, Count, _capacity, Interlocked.Read(ref _replayed), Interlocked.Read(ref _full));

    /// <summary>Remembers something once.</summary>
    /// <param name="source">Whose it is: the same text of another source is another thing.</param>
    /// <param name="kind">What it is, so that a nonce never equals a digest.</param>
    /// <param name="value">The nonce, or the signed bytes.</param>
    /// <param name="until">Seconds since 1970 from which it need not be remembered.</param>
    public ReplayOutcome Add(string source, string kind, ReadOnlySpan<byte> value, long until)
    {
        var (shard, key) = Place(source, kind, value);
        var outcome = shard.Add(key, source, until, _time.GetUtcNow().ToUnixTimeSeconds());
        if (outcome is ReplayOutcome.Replayed or ReplayOutcome.Full)
        {
            Interlocked.Increment(ref outcome == ReplayOutcome.Replayed ? ref _replayed : ref _full);
        }

        return outcome;
    }

    /// <summary>Whether something is remembered; it is counted as a replay then. Nothing is remembered by asking.</summary>
    /// <param name="source">Whose it is.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="value">The nonce, or the signed bytes.</param>
    public bool Knows(string source, string kind, ReadOnlySpan<byte> value)
    {
        var (shard, key) = Place(source, kind, value);
        var isKnown = shard.Knows(key, _time.GetUtcNow().ToUnixTimeSeconds());
        if (isKnown)
        {
            Interlocked.Increment(ref _replayed);
        }

        return isKnown;
    }

    private (ReplayShard Shard, UInt128 Key) Place(string source, string kind, ReadOnlySpan<byte> value)
    {
        // One call into the library: to make a hash object first takes as long as the hash.
        var length = Encoding.UTF8.GetMaxByteCount(kind.Length + source.Length + 2) + value.Length;
        byte[]? rented = null;
        var bytes = length <= OnStack ? stackalloc byte[OnStack] : (rented = ArrayPool<byte>.Shared.Rent(length));
        var written = Encoding.UTF8.GetBytes(kind, bytes);
        bytes[written++] = (byte)'\n';
        written += Encoding.UTF8.GetBytes(source, bytes[written..]);
        bytes[written++] = (byte)'\n';
        value.CopyTo(bytes[written..]);
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, bytes[..(written + value.Length)], digest);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return (_shards[digest[^1] % Shards], BinaryPrimitives.ReadUInt128BigEndian(digest));
    }
}
