namespace EdgeGuard.Engine.Decide;

/// <summary>What became of a rule before its limit was read.</summary>
internal enum TraceOutcome : byte
{
    NotMatched,
    MissingSkipped,
    MissingDenied,
    Unverifiable,
}
