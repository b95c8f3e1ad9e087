using EdgeGuard.Edge.Counters;

namespace EdgeGuard.Edge.Tests.Counters;

/// <summary>A machine that is booted, suspended and put back by the test.</summary>
internal sealed class FakeBootClock : IBootClock
{
    public long Nanoseconds { get; set; } = 5_000_000_007;

    public UInt128 Boot { get; set; } = 1;

    public void Advance(TimeSpan by) => Nanoseconds += by.Ticks * 100;

    public void Reboot()
    {
        Boot++;
        Nanoseconds = 1_000_000_003;
    }
}
