using EdgeGuard.Bench.Load.Comparing;

namespace EdgeGuard.Bench.Load.Tests.Comparing;

public sealed class ServerUsageTests
{
    private readonly ServerUsage _own = new([Environment.ProcessId]);

    [Fact]
    public void CpuNanoseconds_OfThisProcess_IsWhatTheFrameworkSaysToo()
    {
        long least = (long)Environment.CpuUsage.TotalTime.TotalNanoseconds;
        long told = _own.CpuNanoseconds;
        long most = (long)Environment.CpuUsage.TotalTime.TotalNanoseconds;

        // Either may be told in clock ticks, of user and of system time.
        const long Ticks = 20_000_000;
        Assert.InRange(told, least - Ticks, most + Ticks);
    }

    [Fact]
    public void ResidentKilobytes_OfThisProcess_ArePartlyOfItsRuntime()
    {
        long all = _own.ResidentKilobytes;
        long runtime = _own.ResidentKilobytesOf("libcoreclr.so");

        Assert.InRange(runtime, 1, all);
        Assert.Equal(0, _own.ResidentKilobytesOf("nothing.of.that.name"));
    }

    [Fact]
    public void OfNoProcess_IsNothing()
    {
        ServerUsage none = new([]);

        Assert.Equal((0, 0, 0, 0), (none.CpuNanoseconds, none.CompilingNanoseconds, none.ResidentKilobytes, none.ResidentKilobytesOf("libcoreclr.so")));
    }
}
