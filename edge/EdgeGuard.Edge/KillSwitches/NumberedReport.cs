using EdgeGuard.Contracts;

namespace EdgeGuard.Edge.KillSwitches;

/// <summary>A report with its number, which rises by one and is never used again.</summary>
internal sealed record NumberedReport(long Number, LocalKillReport Report);
