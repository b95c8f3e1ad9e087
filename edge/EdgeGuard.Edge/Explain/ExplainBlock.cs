namespace EdgeGuard.Edge.Explain;

/// <summary>One place of the ring. An entry takes one, and one more for every eight steps beyond the first eight.</summary>
internal struct ExplainBlock
{
    /// <summary>0: never used. n: holds what was written at position n - 1. -n: that is being written.</summary>
    public long Tag;

    /// <summary>Whether an entry begins here.</summary>
    public bool IsHead;

    public EntryHead Head;

    public StepBuffer Steps;

    public MarkBuffer Marks;
}
