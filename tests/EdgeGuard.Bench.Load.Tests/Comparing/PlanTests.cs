using EdgeGuard.Bench.Load.Comparing;

namespace EdgeGuard.Bench.Load.Tests.Comparing;

public sealed class PlanTests
{
    [Fact]
    public void Parse_ALine_TellsProcessesAndRequest()
    {
        PlannedLane lane = PlannedLane.Parse("nginx_return\t12 34\thttp://127.0.0.1:80/x\t--header\tX-Api-Key: key-{key:10}\t--connections\t3");

        Assert.Equal("nginx_return", lane.Name);
        Assert.Equal([12, 34], lane.Processes);
        Assert.Equal("http://127.0.0.1/x", lane.Options.Address.AbsoluteUri);
        Assert.Equal(["X-Api-Key: key-{key:10}"], lane.Options.Headers);
        Assert.Equal(3, lane.Options.Connections);
    }

    [Fact]
    public void Parse_AServerThatIsNotOurs_HasNoProcesses() => Assert.Empty(PlannedLane.Parse("target:other\t\thttp://127.0.0.1:80/x").Processes);

    [Theory]
    [InlineData("alone")]
    [InlineData("name\tone\thttp://127.0.0.1/")]
    [InlineData("name\t1\tnowhere")]
    public void Parse_AnythingElse_IsRefused(string line) => Assert.Throws<FormatException>(() => PlannedLane.Parse(line));

    [Fact]
    public void Settings_AreRead()
    {
        ComparisonSettings settings = ComparisonSettings.Read(["slice=0.4", "rounds=9", "rate-rounds=4", "saturation-rounds=7", "warm-up=7", "warm-up-total=90", "rate=1000"]);

        Assert.Equal(new ComparisonSettings { Slice = 0.4, Rounds = 9, RateRounds = 4, SaturationRounds = 7, WarmUp = 7, WarmUpTotal = 90, Rate = 1000 }, settings);
    }

    [Theory]
    [InlineData("slice")]
    [InlineData("slice=x")]
    [InlineData("slice=0")]
    [InlineData("unknown=1")]
    public void Settings_AnythingElse_IsRefused(string argument) => Assert.Throws<FormatException>(() => ComparisonSettings.Read([argument]));
}
