namespace EdgeGuard.Edge.Llm;

/// <summary>The choices of an answer: which have begun and which have ended. Those beyond 128, more than any provider gives, are not known.</summary>
internal struct ChoiceSet
{
    /// <summary>Most that are known.</summary>
    public const int Max = 128;

    private UInt128 _begun;
    private UInt128 _ended;

    /// <summary>Takes note of a choice.</summary>
    public void Note(long index, bool isEnded)
    {
        if (index is >= 0 and < Max)
        {
            _begun |= UInt128.One << (int)index;
            _ended |= isEnded ? UInt128.One << (int)index : 0;
        }
    }

    /// <summary>Whether a choice has begun and not ended; the first one counts as begun.</summary>
    public readonly bool IsOpen(int index) => ((_begun | 1) & ~_ended & (UInt128.One << index)) != 0;
}
