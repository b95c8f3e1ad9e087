namespace EdgeGuard.Bench.Load.Arrivals;

/// <summary>
/// Each free connection sends at once: the greatest throughput. Latency is measured from the sending then, with all the coordinated
/// omission of a closed loop; it says what saturation costs and nothing about a service's users.
/// </summary>
internal sealed class ClosedLoopArrivals(long end) : IArrivals
{
    public long NextDue(long now) => now < end ? now : long.MaxValue;

    public void Take()
    {
    }
}
