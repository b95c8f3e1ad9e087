using System.Collections.Immutable;
using EdgeGuard.Edge.Tracing;
using EdgeGuard.Engine.Explain;

namespace EdgeGuard.Edge.Explain;

/// <summary>What became of the tokens of the newest requests, for those who ask why: numbers only, in fixed memory (96 KiB) that is taken with the first.</summary>
internal sealed class SettlementNotes
{
    /// <summary>Notes that are kept; the oldest go first.</summary>
    public const int Capacity = 2048;

    private readonly Lock _gate = new();
    private (DecisionId Id, SettledUsage Usage)[] _notes = [];
    private long _added;

    /// <summary>Takes a note of one rule of a request.</summary>
    public void Add(DecisionId id, in SettledUsage usage)
    {
        lock (_gate)
        {
            _notes = _notes.Length == 0 ? new (DecisionId, SettledUsage)[Capacity] : _notes;
            _notes[_added++ % Capacity] = (id, usage);
        }
    }

    /// <summary>All notes of a request that are still kept, in order.</summary>
    public ImmutableArray<SettledUsage> Find(DecisionId id)
    {
        var found = ImmutableArray.CreateBuilder<SettledUsage>();
        lock (_gate)
        {
            for (var at = Math.Max(0, _added - Capacity); at < _added; at++)
            {
                ref readonly var note = ref _notes[at % Capacity];
                if (note.Id == id)
                {
                    found.Add(note.Usage);
                }
            }
        }

        return found.ToImmutable();
    }
}
