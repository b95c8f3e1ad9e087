namespace EdgeGuard.Edge.KillSwitches;

/// <summary>What has still to be told about local kill switches.</summary>
internal interface ILocalKillReports
{
    /// <summary>Reports that no acknowledged batch holds, in order.</summary>
    IReadOnlyList<NumberedReport> Pending { get; }

    /// <summary>Forgets the reports up to a number.</summary>
    void Acknowledge(long through);
}
