using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Tests.Reference;
using EdgeGuard.Engine.Tests.Support;

namespace EdgeGuard.Engine.Tests.Decide;

/// <summary>
/// The whole engine against books kept in decimals: random policies of every kind of limiter, and random schedules of requests, endings and reloads.
/// The two must say the same, but for one thing: after a change of its rate a bucket may be less generous than the books, never more.
/// </summary>
public sealed class EngineModelTests
{
    private const int Schedules = 2000;
    private const int Steps = 40;

    [Fact]
    public void RandomSchedules_AreDecidedAsTheBooksSay()
    {
        var seeds = Seeds.Next(out var seed);
        var decisions = 0;
        for (var schedule = 0; schedule < Schedules; schedule++)
        {
            var run = new EngineModelRun(seeds.Next(), reloads: schedule % 3 == 0);
            decisions += run.Run(Steps);
            Assert.True(run.Difference is null, $"seed {seed}, schedule {schedule}: {run.Difference}");
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{Schedules} schedules, {decisions} decisions");
    }
}
