using EdgeGuard.Edge.KillSwitches;

namespace EdgeGuard.Edge.Tests.Support;

/// <summary>An edge where nobody set a local kill switch.</summary>
internal sealed class NoReports : ILocalKillReports
{
    public IReadOnlyList<NumberedReport> Pending => [];

    public void Acknowledge(long through)
    {
        // There is nothing to forget.
    }
}
