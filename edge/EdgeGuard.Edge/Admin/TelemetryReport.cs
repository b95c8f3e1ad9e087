namespace EdgeGuard.Edge.Admin;

/// <summary>What is still to be sent.</summary>
/// <param name="FrozenSequence">Sequence of the batch that is being sent, or null.</param>
/// <param name="FrozenBytes">Its size.</param>
/// <param name="PendingDecisions">Counts behind it.</param>
/// <param name="PendingLocalKillReports">Reports of local kill switches not acknowledged yet.</param>
/// <param name="BatchesSent">Since the process started.</param>
/// <param name="SendFailures">Since the process started.</param>
internal sealed record TelemetryReport(
    long? FrozenSequence, int FrozenBytes, long PendingDecisions, int PendingLocalKillReports, long BatchesSent, long SendFailures);
