namespace EdgeGuard.Engine.Counters;

/// <summary>Takes back what one request counted. What another has counted since stays.</summary>
internal struct LoopUndoStep : ICellStep
{
    private readonly LoopLimit _limit;
    private readonly LoopPart _part;
    private readonly ulong _word;
    private readonly long _since;
    private readonly long _start;

    public LoopUndoStep(LoopLimit limit, LoopPart part, in Reservation reservation)
    {
        _limit = limit;
        _part = part;
        _word = reservation.Word;
        _since = reservation.Since;
        _start = (long)reservation.Clock - limit.WindowMilliseconds;
    }

    public readonly bool TryNext(ulong word, long expiry, out ulong next, out long nextExpiry)
    {
        nextExpiry = expiry;
        next = word;
        if (word == 0)
        {
            return false;
        }

        switch (_part)
        {
            case LoopPart.Exact:
                return LoopExactStep.TryUndo(word, _start, out next);
            case LoopPart.Similar:
                return LoopSimilarStep.TryUndo(word, _word, _limit.MaxDistance, out next);
            default:
                next = LoopCycleStep.Undo(word, _word, (ulong)_since);
                return true;
        }
    }
}
