using EdgeGuard.Edge.Tracing;
using EdgeGuard.Engine.Decide;

namespace EdgeGuard.Edge.Explain;

/// <summary>What an entry holds beside its steps and marks: numbers only.</summary>
internal struct EntryHead
{
    public RequestTrace Trace;

    public Decision Decision;

    /// <summary>Monotonic time, for the entry's age.</summary>
    public long Nanoseconds;

    /// <summary>How long deciding took.</summary>
    public long Elapsed;

    /// <summary>Wall clock, for people.</summary>
    public long UnixMilliseconds;

    /// <summary>Number of the snapshot on the shelf.</summary>
    public int Snapshot;

    /// <summary>Steps that were considered; more than are kept when it says so.</summary>
    public int StepsConsidered;

    public int StepsKept;

    public int Marks;

    public EntryKind Kind;

    public byte Door;
}
