namespace EdgeGuard.Bench.Load.Responses;

internal enum ReadOutcome
{
    /// <summary>The answer is not whole yet.</summary>
    NeedsMore,

    Complete,

    /// <summary>No HTTP/1.1 answer; the connection is of no use any more.</summary>
    Malformed,
}
