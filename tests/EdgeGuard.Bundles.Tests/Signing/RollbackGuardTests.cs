using EdgeGuard.Bundles.Signing;

namespace EdgeGuard.Bundles.Tests.Signing;

public sealed class RollbackGuardTests
{
    private static readonly HighWaterMark Mark = new("lineage-1", 2, 7);

    [Theory]
    [InlineData("lineage-1", 2, 8, RollbackVerdict.Newer, null)]
    [InlineData("lineage-1", 3, 1, RollbackVerdict.Newer, null)]
    [InlineData("lineage-1", 2, 7, RollbackVerdict.Same, null)]
    [InlineData("lineage-1", 2, 6, RollbackVerdict.Refused, SigningCodes.SequenceNotAbove)]
    [InlineData("lineage-1", 1, 99, RollbackVerdict.Refused, SigningCodes.EpochBelow)]
    [InlineData("lineage-2", 9, 99, RollbackVerdict.Refused, SigningCodes.LineageChanged)]
    public void Check_VerifiedDocument_IsJudgedByLineageEpochAndSequence(string lineage, long epoch, long sequence, RollbackVerdict verdict, string? code)
    {
        var header = SignedSamples.Header with { Issuer = lineage, Epoch = epoch, Sequence = sequence };

        var result = RollbackGuard.Check(Mark, "digest"u8, header, "digest"u8);

        Assert.Equal((verdict, code), (result.Verdict, result.Problem?.Code));
        Assert.Equal(verdict == RollbackVerdict.Newer ? new HighWaterMark(lineage, epoch, sequence) : Mark, result.Mark);
    }

    [Fact]
    public void Check_EqualMarkWithOtherContent_IsRefused() => Assert.Equal(
        SigningCodes.SameMarkOtherContent,
        RollbackGuard.Check(Mark, "digest"u8, SignedSamples.Header, "other!"u8).Problem?.Code);

    [Fact]
    public void Check_EqualMarkWhoseDigestIsLost_IsTheSameDocument() => Assert.Equal(
        RollbackVerdict.Same,
        RollbackGuard.Check(Mark, [], SignedSamples.Header, "other!"u8).Verdict);

    [Fact]
    public void Check_NothingAcceptedYet_TakesAnyLineage()
    {
        Assert.Equal(RollbackVerdict.Newer, RollbackGuard.Check(HighWaterMark.None, [], SignedSamples.Header, "d"u8).Verdict);
        Assert.Equal(RollbackVerdict.Newer, RollbackGuard.Check(default, [], SignedSamples.Header, "d"u8).Verdict);
    }
}
