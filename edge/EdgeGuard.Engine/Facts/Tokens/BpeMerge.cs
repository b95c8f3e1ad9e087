namespace EdgeGuard.Engine.Facts.Tokens;

/// <summary>Puts the bytes of one piece together: a list of its parts, linked by where they begin, and a heap of their pairs by rank.</summary>
internal ref struct BpeMerge
{
    private readonly BpeVocabulary _vocabulary;
    private readonly ReadOnlySpan<byte> _piece;

    // Where the part after that of a position begins, where the one before it does, and the rank of it and the one after; -1 for none.
    private readonly Span<int> _next;
    private readonly Span<int> _before;
    private readonly Span<int> _rank;
    private readonly Span<ulong> _heap;
    private int _entries;

    public BpeMerge(BpeVocabulary vocabulary, ReadOnlySpan<byte> piece, Span<int> links, Span<ulong> heap)
    {
        _vocabulary = vocabulary;
        _piece = piece;
        _next = links[..piece.Length];
        _before = links.Slice(piece.Length, piece.Length);
        _rank = links.Slice(2 * piece.Length, piece.Length);
        _heap = heap;
    }

    /// <summary>How many parts are left in the end.</summary>
    public int Run()
    {
        for (var i = 0; i < _piece.Length; i++)
        {
            (_next[i], _before[i]) = (i + 1, i - 1);
        }

        for (var i = 0; i < _piece.Length; i++)
        {
            Rate(i);
        }

        var parts = _piece.Length;
        while (_entries > 0)
        {
            var entry = Pop();
            var (rank, at) = ((int)(entry >> 32), (int)(uint)entry);

            // Of a pair that is no more, or has become another one.
            if (_rank[at] != rank)
            {
                continue;
            }

            Join(at);
            parts--;
        }

        return parts;
    }

    private void Join(int at)
    {
        var gone = _next[at];
        _next[at] = _next[gone];
        _rank[gone] = -1;
        if (_next[at] < _piece.Length)
        {
            _before[_next[at]] = at;
        }

        Rate(at);
        if (_before[at] >= 0)
        {
            Rate(_before[at]);
        }
    }

    private void Rate(int at)
    {
        var second = _next[at];
        _rank[at] = second < _piece.Length ? _vocabulary.RankOf(_piece[at.._next[second]]) : -1;
        if (_rank[at] >= 0)
        {
            Push(((ulong)(uint)_rank[at] << 32) | (uint)at);
        }
    }

    private void Push(ulong entry)
    {
        var at = _entries++;
        while (at > 0 && _heap[(at - 1) / 2] > entry)
        {
            _heap[at] = _heap[(at - 1) / 2];
            at = (at - 1) / 2;
        }

        _heap[at] = entry;
    }

    private ulong Pop()
    {
        var top = _heap[0];
        var last = _heap[--_entries];
        var at = 0;
        for (var child = 1; child < _entries; child = (2 * at) + 1)
        {
            if (child + 1 < _entries && _heap[child + 1] < _heap[child])
            {
                child++;
            }

            if (_heap[child] >= last)
            {
                break;
            }

            _heap[at] = _heap[child];
            at = child;
        }

        _heap[at] = last;
        return top;
    }
}
