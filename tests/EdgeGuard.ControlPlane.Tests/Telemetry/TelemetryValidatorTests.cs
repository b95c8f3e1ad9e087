using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.Telemetry;

namespace EdgeGuard.ControlPlane.Tests.Telemetry;

public sealed class TelemetryValidatorTests
{
    private static TelemetryBatch Batch => new()
    {
        EdgeId = "e",
        Epoch = 1,
        Sequence = 1,
        FromUnixMilliseconds = 1,
        ToUnixMilliseconds = 2,
        Decisions = [new DecisionCount("p", "r", "allow", string.Empty, "/v1/*", false, 1, 1)],
        LatencyCounts = [],
    };

    [Fact]
    public void Batch_AsAnEdgeSendsIt_IsTaken() => Assert.Null(TelemetryValidator.Check(Batch));

    [Theory]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void OverflowedSeries_ThatIsNoCount_IsRefused(long overflowed) =>
        Assert.NotNull(TelemetryValidator.Check(Batch with { OverflowedSeries = overflowed }));
}
