using EdgeGuard.Engine.Tests.Support;
using static EdgeGuard.Engine.Tests.Support.Bundle;

namespace EdgeGuard.Engine.Tests.Counters;

public sealed class ReloadTests
{
    [Fact]
    public void Reload_SameNumbers_KeepsTheCounters()
    {
        using var harness = new Harness(Policy("p", Rule("r", 1, 10)));
        Assert.Equal(6, harness.Admitted(6));
        harness.Reload(Policy("p", Rule("r", 1, 10)), Policy("other", Rule("r", 1, 100)));
        Assert.Equal(4, harness.Admitted(10));
    }

    [Fact]
    public void Reload_LargerBurst_AdmitsNoMoreThanWasLeftPlusTheNewRate()
    {
        using var harness = new Harness(Policy("p", Rule("r", 1, 10)));
        Assert.Equal(7, harness.Admitted(7));
        harness.Reload(Policy("p", Rule("r", 5, 100)));
        Assert.Equal(3, harness.Admitted(10));
        harness.Advance(2);
        Assert.Equal(10, harness.Admitted(20));
    }

    [Fact]
    public void Reload_SmallerBurst_LeavesAtMostTheSmallerBurst()
    {
        using var harness = new Harness(Policy("p", Rule("r", 10, 100)));
        Assert.Equal(10, harness.Admitted(10));
        harness.Reload(Policy("p", Rule("r", 1, 5)));
        Assert.Equal(5, harness.Admitted(20));
    }

    [Fact]
    public void Reload_SlowerRate_DoesNotMisreadTheDebtAsTime()
    {
        // 50 tokens owed at 100/s are half a second; read as 50 tokens at 1/s they are 50 s, read as half a second they would be gone.
        using var harness = new Harness(Policy("p", Rule("r", 100, 100)));
        Assert.Equal(50, harness.Admitted(50));
        harness.Reload(Policy("p", Rule("r", 1, 100)));
        Assert.Equal(50, harness.Admitted(200));
    }

    [Fact]
    public void Reload_SlowerRate_CountsFromTheReloadAndNotFromTheNextTake()
    {
        using var harness = new Harness(Policy("p", Rule("r", 100, 100, Header("k"))));
        Assert.Equal(100, harness.Admitted(100, values: (Header("k"), "a")));
        harness.Reload(Policy("p", Rule("r", 1, 100, Header("k"))));
        Assert.Equal(1, harness.Admitted(1, values: (Header("k"), "b")));
        harness.Advance(3);
        Assert.Equal(3, harness.Admitted(100, values: (Header("k"), "a")));
    }

    [Fact]
    public void Reload_AnyChangeOfNumbers_NeverAdmitsMoreThanWasLeftPlusTheNewRate()
    {
        var random = Seeds.Next(out var seed);
        for (var schedule = 0; schedule < 1000; schedule++)
        {
            var rate = random.Next(1, 100);
            var burst = rate * random.Next(1, 5);
            using var harness = new Harness(Bundle.Compile(Policy("p", Rule("r", rate, burst))), 64 * 1024);
            var left = (decimal)burst;
            for (var step = 0; step < 20; step++)
            {
                var took = harness.Admitted(random.Next(1, burst + 5));
                Assert.True(took <= left, $"seed {seed} schedule {schedule} step {step}: took {took} of {left}");
                left -= took;
                if (random.Next(3) == 0)
                {
                    rate = random.Next(1, 100);
                    burst = rate * random.Next(1, 5);
                    harness.Reload(Policy("p", Rule("r", rate, burst)));
                    left = Math.Min(left, burst);
                    took = harness.Admitted(1);
                    Assert.True(took <= left, $"seed {seed} schedule {schedule} step {step}");
                    left -= took;
                }

                var milliseconds = random.Next(0, 3000);
                harness.Nanoseconds += milliseconds * 1_000_000L;
                left = Math.Min(burst, left + (rate * milliseconds / 1000m));
            }
        }
    }

    [Fact]
    public void Reload_RequestsOfBothBundlesWithClocksOutOfOrder_RefillNothingTwice()
    {
        const long TenMilliseconds = 10_000_000;
        using var harness = new Harness(Policy("p", Rule("r", 1000, 1000)));
        var fast = harness.Snapshot;
        harness.Reload(Policy("p", Rule("r", 10, 1000)));
        var slow = harness.Snapshot;
        var admitted = 0;
        for (var turn = 0; turn < 2000; turn++)
        {
            // The request by the fast numbers has read its clock first and comes last, every time.
            (harness.Snapshot, harness.Nanoseconds) = (slow, Harness.Start + TenMilliseconds);
            admitted += harness.Admitted(1);
            (harness.Snapshot, harness.Nanoseconds) = (fast, Harness.Start);
            admitted += harness.Admitted(1);
        }

        Assert.InRange(admitted, 1000, 1010);
    }

    [Fact]
    public void Reload_OtherLimitKeys_StartsNewCounters()
    {
        using var harness = new Harness(Policy("p", Rule("r", 1, 3, Header("a"))));
        Assert.Equal(3, harness.Admitted(5, values: (Header("a"), "x")));
        harness.Reload(Policy("p", Rule("r", 1, 3, Header("b"))));
        Assert.Equal(3, harness.Admitted(5, values: (Header("b"), "x")));
    }

    [Fact]
    public void Decide_AfterPausesOfYears_ReadsTheTurnedClockRight()
    {
        foreach (var rate in new[] { 1.0, 7, 33.3, 99, 16383 })
        {
            using var harness = new Harness(Policy("p", Rule("r", rate, rate * 2)));
            for (var years = 0; years < 40; years++)
            {
                var burst = (int)(rate * 2);
                Assert.Equal(burst, harness.Admitted(burst + 1));
                harness.Nanoseconds += (years % 2 == 0 ? 1 : 97) * 86_400_000_000_000L;
            }
        }
    }
}
