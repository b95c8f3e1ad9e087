using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace EdgeGuard.Identity.Webhooks;

/// <summary>
/// Remembers deliveries, by a hash under a key of this process, so that nobody can aim at a collision. Full means refused and not forgotten: forgetting
/// one early would let it pass again. Only what has verified is put in, and no provider has more than half, so that none fills it for the others.
/// </summary>
internal sealed class DeliveryMemory
{
    private const int Shards = 16;
    private const int ShareOfProvider = 2;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly Shard[] _shards;
    private long _numbers;

    /// <summary>An empty memory.</summary>
    /// <param name="capacity">Most that is remembered at one time; some 100 bytes each, taken when used.</param>
    public DeliveryMemory(int capacity)
    {
        var each = Math.Max(1, capacity / Shards);
        _shards = [.. Enumerable.Range(0, Shards).Select(_ => new Shard(each, Math.Max(1, each / ShareOfProvider)))];
    }

    /// <summary>How many are remembered.</summary>
    public int Count => _shards.Sum(shard => shard.Count);

    /// <summary>How many places are held for them, those let go of included.</summary>
    internal int Held => _shards.Sum(shard => shard.Held);

    /// <summary>Begins the key of a delivery: the same bytes of another provider, or as another kind of thing, are another key.</summary>
    public IncrementalHash BeginKey(string provider, string kind)
    {
        var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        hash.AppendData(Encoding.UTF8.GetBytes($"{kind}\n{provider}\n"));
        return hash;
    }

    /// <summary>Ends a key.</summary>
    public static UInt128 EndKey(IncrementalHash hash)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        return BinaryPrimitives.ReadUInt128BigEndian(digest);
    }

    /// <summary>Remembers a delivery, unless it is known.</summary>
    /// <param name="provider">Whose it is.</param>
    /// <param name="key">Its key.</param>
    /// <param name="until">Milliseconds since 1970 until which it is remembered.</param>
    /// <param name="now">Milliseconds since 1970.</param>
    /// <param name="delivery">What lets it go again; null unless it was the first.</param>
    public WebhookOutcome Add(string provider, UInt128 key, long until, long now, out Delivery? delivery)
    {
        var number = Interlocked.Increment(ref _numbers);
        var outcome = ShardOf(key).Add(provider, key, number, until, now);
        delivery = outcome == WebhookOutcome.Verified ? new Delivery(this, key, number, null) : null;
        return outcome;
    }

    /// <summary>Forgets a delivery, if it is still the one of that number.</summary>
    public void Remove(UInt128 key, long number) => ShardOf(key).Remove(key, number);

    private Shard ShardOf(UInt128 key) => _shards[(int)(key % Shards)];

    private sealed class Shard(int capacity, int perProvider)
    {
        private readonly Lock _lock = new();
        // Entries that were let go of stay in the queue until their time; so many of them, and it is made anew.
        private const int Slack = 1024;

        private readonly Dictionary<UInt128, (long Number, string Provider, long Until)> _known = [];
        private readonly PriorityQueue<(UInt128 Key, long Number), long> _byEnd = new();
        private readonly Dictionary<string, int> _byProvider = new(StringComparer.Ordinal);

        public int Count
        {
            get
            {
                lock (_lock)
                {
                    return _known.Count;
                }
            }
        }

        public int Held
        {
            get
            {
                lock (_lock)
                {
                    return _byEnd.Count;
                }
            }
        }

        public WebhookOutcome Add(string provider, UInt128 key, long number, long until, long now)
        {
            lock (_lock)
            {
                while (_byEnd.TryPeek(out var oldest, out var end) && end <= now)
                {
                    _byEnd.Dequeue();
                    Forget(oldest.Key, oldest.Number);
                }

                if (_known.ContainsKey(key))
                {
                    return WebhookOutcome.Replayed;
                }

                if (_known.Count >= capacity || _byProvider.GetValueOrDefault(provider) >= perProvider)
                {
                    return WebhookOutcome.Full;
                }

                if (_byEnd.Count > (_known.Count * 2) + Slack)
                {
                    _byEnd.Clear();
                    _byEnd.EnqueueRange(_known.Select(entry => ((entry.Key, entry.Value.Number), entry.Value.Until)));
                }

                _known.Add(key, (number, provider, until));
                _byEnd.Enqueue((key, number), until);
                _byProvider[provider] = _byProvider.GetValueOrDefault(provider) + 1;
                return WebhookOutcome.Verified;
            }
        }

        public void Remove(UInt128 key, long number)
        {
            lock (_lock)
            {
                Forget(key, number);
            }
        }

        private void Forget(UInt128 key, long number)
        {
            if (!_known.TryGetValue(key, out var entry) || entry.Number != number)
            {
                return;
            }

            _known.Remove(key);
            var left = _byProvider[entry.Provider] - 1;
            if (left == 0)
            {
                _byProvider.Remove(entry.Provider);
            }
            else
            {
                _byProvider[entry.Provider] = left;
            }
        }
    }
}
