namespace EdgeGuard.Engine.Counters;

/// <summary>
/// Keeps the state of a live cell while it is busy being rewritten: a process that is killed in between would otherwise take the state with
/// it. Half of the entries are for processes with an even run number and half for odd ones, since two share a table during a takeover.
/// Unsafe because the entries lie in the table's file.
/// </summary>
internal sealed unsafe class RefreshJournal
{
    /// <summary>Cells that one process can rewrite at a time; a thread that finds no entry waits for one, each is held for some 100 ns.</summary>
    public const int EntriesPerRun = 32;

    /// <summary>Where the entries begin in the table.</summary>
    public const int Offset = TableHeader.Bytes - (2 * EntriesPerRun * JournalEntry.Size);

    private readonly JournalEntry* _all;
    private readonly JournalEntry* _own;
    private readonly Cell* _cells;
    private readonly int[] _taken = new int[EntriesPerRun];

    /// <summary>The journal of a table.</summary>
    /// <param name="table">Its first byte.</param>
    /// <param name="cells">Its first cell.</param>
    /// <param name="run">The run number of this process.</param>
    public RefreshJournal(byte* table, Cell* cells, int run)
    {
        _all = (JournalEntry*)(table + Offset);
        _own = _all + ((run & 1) * EntriesPerRun);
        _cells = cells;
    }

    /// <summary>
    /// Under the set's lock: marks a cell busy and tells its word, of which a copy is in the journal until <see cref="End"/>. False when other
    /// requests changed the word each time.
    /// </summary>
    public bool TryBegin(Cell* cell, int attempts, out int entry, out ulong word)
    {
        entry = Enter();
        var kept = _own + entry;
        kept->Meta = cell->Meta;
        Volatile.Write(ref kept->Cell, (ulong)(cell - _cells) + 1);
        for (var attempt = 0; attempt < attempts; attempt++)
        {
            word = Volatile.Read(ref cell->Word);
            kept->Word = word;
            if (Interlocked.CompareExchange(ref cell->Word, Cell.Busy, word) == word)
            {
                return true;
            }
        }

        word = 0;
        End(entry);
        return false;
    }

    /// <summary>After the cell has its new word.</summary>
    public void End(int entry)
    {
        Volatile.Write(ref _own[entry].Cell, 0);
        Volatile.Write(ref _taken[entry], 0);
    }

    /// <summary>Gives back to cells that a killed process left busy what they were before.</summary>
    /// <param name="cells">Cells in the whole table.</param>
    /// <param name="run">The process; null for all.</param>
    public void Restore(ulong cells, int? run)
    {
        var first = run is { } one ? (one & 1) * EntriesPerRun : 0;
        var count = run is null ? 2 * EntriesPerRun : EntriesPerRun;
        for (var entry = _all + first; entry < _all + first + count; entry++)
        {
            if (entry->Cell - 1 < cells && _cells[entry->Cell - 1].Word == Cell.Busy)
            {
                var cell = _cells + (entry->Cell - 1);
                cell->Meta = entry->Meta;
                Volatile.Write(ref cell->Word, entry->Word);
            }

            entry->Cell = 0;
        }
    }

    private int Enter()
    {
        var spin = default(SpinWait);
        var start = Environment.CurrentManagedThreadId;
        while (true)
        {
            for (var i = 0; i < EntriesPerRun; i++)
            {
                var entry = (start + i) & (EntriesPerRun - 1);
                if (Volatile.Read(ref _taken[entry]) == 0 && Interlocked.CompareExchange(ref _taken[entry], 1, 0) == 0)
                {
                    return entry;
                }
            }

            spin.SpinOnce(sleep1Threshold: -1);
        }
    }
}
