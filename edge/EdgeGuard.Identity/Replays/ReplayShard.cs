namespace EdgeGuard.Identity.Replays;

/// <summary>A part of the replay cache under one lock.</summary>
internal sealed class ReplayShard(int capacity, int perSource)
{
    private readonly Lock _lock = new();
    private readonly HashSet<UInt128> _seen = [];
    private readonly PriorityQueue<(UInt128 Key, string Source), long> _byEnd = new();
    private readonly Dictionary<string, int> _bySource = new(StringComparer.Ordinal);

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _seen.Count;
            }
        }
    }

    /// <summary>Whether a key is remembered.</summary>
    public bool Knows(UInt128 key, long now)
    {
        lock (_lock)
        {
            ForgetOld(now);
            return _seen.Contains(key);
        }
    }

    /// <summary>Remembers a key until a time, unless it is known.</summary>
    public ReplayOutcome Add(UInt128 key, string source, long until, long now)
    {
        lock (_lock)
        {
            ForgetOld(now);
            if (_seen.Contains(key))
            {
                return ReplayOutcome.Replayed;
            }

            if (until <= now)
            {
                return ReplayOutcome.Late;
            }

            if (_seen.Count >= capacity || _bySource.GetValueOrDefault(source) >= perSource)
            {
                return ReplayOutcome.Full;
            }

            _seen.Add(key);
            _byEnd.Enqueue((key, source), until);
            Tally(source, 1);
            return ReplayOutcome.First;
        }
    }

    private void ForgetOld(long now)
    {
        while (_byEnd.TryPeek(out var oldest, out var end) && end <= now)
        {
            _byEnd.Dequeue();
            _seen.Remove(oldest.Key);
            Tally(oldest.Source, -1);
        }
    }

    private void Tally(string source, int change)
    {
        var count = _bySource.GetValueOrDefault(source) + change;
        if (count == 0)
        {
            _bySource.Remove(source);
        }
        else
        {
            _bySource[source] = count;
        }
    }
}
