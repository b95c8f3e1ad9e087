namespace EdgeGuard.ControlPlane.Leases;

/// <summary>
/// A share of every key of a budget that was given to a holder for a range of windows. It only ever grows in range; of several that cover a window the largest counts.
/// </summary>
/// <param name="Holder">Whose it is.</param>
/// <param name="Budget">Of which budget.</param>
/// <param name="Ppm">Millionths.</param>
/// <param name="First">First window, by its start.</param>
/// <param name="Last">Last window, by its start.</param>
/// <param name="End">End of the last window.</param>
internal sealed record LeaseShare(string Holder, string Budget, int Ppm, long First, long Last, long End)
{
    /// <summary>Whether it holds in a window.</summary>
    public bool Covers(long window) => First <= window && window <= Last;

    /// <summary>Whether it holds in any window of a range.</summary>
    public bool Overlaps(long first, long last) => First <= last && first <= Last;
}
