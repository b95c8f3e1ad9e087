using System.Security.Cryptography;
using System.Text;
using EdgeGuard.Bundles.Signing;
using EdgeGuard.Bundles.Validation;
using EdgeGuard.Contracts;
using EdgeGuard.Edge.State;
using EdgeGuard.Edge.Tests.Support;

namespace EdgeGuard.Edge.Tests.Sync;

public sealed class KillSwitchDirectiveTests
{
    [Fact]
    public async Task Set_FromTheStream_IsInForceKeptAndAcknowledged()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        await using var edge = await fixture.StartEdgeAsync();
        var set = fixture.Plane.KillSet(3, SyncFixture.Kill("a"), SyncFixture.Kill("b", "other"));

        fixture.Plane.Send(StreamEvents.KillSwitches, set);
        await fixture.AckAsync(StreamEvents.KillSwitches, 3, Ack.Applied);

        Assert.Equal(["a", "b"], edge.Pushed);
        Assert.Equal(set, await File.ReadAllTextAsync(fixture.StateFile(StateFiles.KillSwitches)));
        Assert.Equal(new HighWaterMark("line-1", 1, 3), edge.Get<StateDirectory>().HighWater(DocumentType.KillSwitches));
    }

    [Fact]
    public async Task Set_OfALaterSequence_ReplacesTheWholeSet()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        await using var edge = await fixture.StartEdgeAsync();

        fixture.Plane.Send(StreamEvents.KillSwitches, fixture.Plane.KillSet(1, SyncFixture.Kill("a")));
        fixture.Plane.Send(StreamEvents.KillSwitches, fixture.Plane.KillSet(2, SyncFixture.Kill("b")));
        fixture.Plane.Send(StreamEvents.KillSwitches, fixture.Plane.KillSet(3));
        await fixture.AckAsync(StreamEvents.KillSwitches, 3, Ack.Applied);

        Assert.Empty(edge.Pushed);
        await fixture.AckAsync(StreamEvents.KillSwitches, 1, Ack.Applied);
        await fixture.AckAsync(StreamEvents.KillSwitches, 2, Ack.Applied);
    }

    [Fact]
    public async Task Set_TheSameAgain_IsAcknowledgedAsApplied()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        await using var edge = await fixture.StartEdgeAsync();

        fixture.Plane.Send(StreamEvents.KillSwitches, fixture.Plane.KillSet(1, SyncFixture.Kill("a")));
        await fixture.AckAsync(StreamEvents.KillSwitches, 1, Ack.Applied);
        fixture.Plane.Send(StreamEvents.KillSwitches, fixture.Plane.KillSet(1, SyncFixture.Kill("a")));
        await fixture.Plane.Acks.WaitForAsync(2);

        Assert.All(fixture.Plane.Acks.Items, ack => Assert.Equal(Ack.Applied, ack.Status));
        Assert.Equal(["a"], edge.Pushed);
    }

    [Theory]
    [InlineData("older sequence", "EG2101")]
    [InlineData("older epoch", "EG2102")]
    [InlineData("another lineage", "EG2103")]
    [InlineData("same number, other content", "EG2104")]
    [InlineData("another edge's", "EG2007")]
    [InlineData("forged with another key", "EG2001")]
    [InlineData("another key id", "EG2006")]
    [InlineData("another type", "EG2005")]
    [InlineData("one byte changed", "EG2001")]
    [InlineData("not a document", "EG2002")]
    public async Task Set_ThatMayNotBeUsed_IsRefusedAndChangesNothing(string what, string code)
    {
        await using var fixture = await SyncFixture.CreateAsync();
        fixture.Plane.Epoch = 5;
        await using var edge = await fixture.StartEdgeAsync();
        fixture.Plane.Send(StreamEvents.KillSwitches, fixture.Plane.KillSet(10, SyncFixture.Kill("a")));
        await fixture.AckAsync(StreamEvents.KillSwitches, 10, Ack.Applied);

        fixture.Plane.Send(StreamEvents.KillSwitches, Bad(fixture.Plane, what));
        var refused = await fixture.Plane.Acks.WaitForAsync(ack => ack.Status == Ack.Refused, what);

        Assert.Contains(code, Assert.Single(refused.Problems), StringComparison.Ordinal);
        Assert.Equal(["a"], edge.Pushed);
        Assert.Equal(10, edge.Get<StateDirectory>().HighWater(DocumentType.KillSwitches).Sequence);
    }

    [Fact]
    public async Task Set_OfAHigherEpochWithALowerSequence_IsTaken()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        await using var edge = await fixture.StartEdgeAsync();
        fixture.Plane.Send(StreamEvents.KillSwitches, fixture.Plane.KillSet(10, SyncFixture.Kill("a")));
        await fixture.AckAsync(StreamEvents.KillSwitches, 10, Ack.Applied);

        fixture.Plane.Epoch = 2;
        fixture.Plane.Send(StreamEvents.KillSwitches, fixture.Plane.KillSet(1, SyncFixture.Kill("restored")));
        await fixture.AckAsync(StreamEvents.KillSwitches, 1, Ack.Applied);

        Assert.Equal(["restored"], edge.Pushed);
    }

    [Fact]
    public async Task Restart_WithTheControlPlaneDead_HasTheSetInForceBeforeTraffic()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        await using (var first = await fixture.StartEdgeAsync())
        {
            fixture.Plane.Send(StreamEvents.KillSwitches, fixture.Plane.KillSet(4, SyncFixture.Kill("a")));
            await fixture.AckAsync(StreamEvents.KillSwitches, 4, Ack.Applied);
        }

        await fixture.Plane.StopAsync();
        await using var second = await fixture.StartEdgeAsync();

        Assert.Equal(["a"], second.Pushed);
    }

    [Fact]
    public async Task Restart_OnATamperedSet_SetsItAsideLoudlyAndTakesTheNextOne()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        await using (var first = await fixture.StartEdgeAsync())
        {
            fixture.Plane.Send(StreamEvents.KillSwitches, fixture.Plane.KillSet(4, SyncFixture.Kill("a")));
            await fixture.AckAsync(StreamEvents.KillSwitches, 4, Ack.Applied);
        }

        var forged = fixture.Plane.Sign(
            DocumentType.KillSwitches, 9, BundleReader.WriteKillSwitches([]), key: new SigningKey("k1", RandomNumberGenerator.GetBytes(32)));
        await File.WriteAllTextAsync(fixture.StateFile(StateFiles.KillSwitches), forged);
        fixture.Plane.Greet(StreamEvents.KillSwitches, fixture.Plane.KillSet(4, SyncFixture.Kill("a")));
        fixture.Plane.Acks.Clear();
        await using var second = await fixture.StartEdgeAsync();
        await fixture.AckAsync(StreamEvents.KillSwitches, 4, Ack.Applied);

        Assert.Contains(second.Get<StateDirectory>().Problems, problem => problem.Code == StateCodes.FileSetAside);
        Assert.Equal(["a"], second.Pushed);
    }

    [Fact]
    public async Task Restart_OnAnOlderSetThanAccepted_UsesItUntilTheCurrentOneComes()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        var old = fixture.Plane.KillSet(2, SyncFixture.Kill("old"));
        await using (var first = await fixture.StartEdgeAsync())
        {
            fixture.Plane.Send(StreamEvents.KillSwitches, fixture.Plane.KillSet(4, SyncFixture.Kill("new")));
            await fixture.AckAsync(StreamEvents.KillSwitches, 4, Ack.Applied);
        }

        await File.WriteAllTextAsync(fixture.StateFile(StateFiles.KillSwitches), old);
        await fixture.Plane.StopAsync();
        await using var second = await fixture.StartEdgeAsync();
        Assert.Equal(["old"], second.Pushed);

        fixture.Plane.Acks.Clear();
        fixture.Plane.Greet(StreamEvents.KillSwitches, fixture.Plane.KillSet(4, SyncFixture.Kill("new")));
        await fixture.Plane.StartAsync();
        await fixture.AckAsync(StreamEvents.KillSwitches, 4, Ack.Applied);
        Assert.Equal(["new"], second.Pushed);
    }

    [Fact]
    public async Task Set_WhileTheDiskFails_IsInForceAndReportedAsNotKept()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        await using var edge = await fixture.StartEdgeAsync();
        await fixture.Plane.Streams.WaitForAsync(1);
        Directory.CreateDirectory(fixture.StateFile(StateFiles.KillSwitches)); // A rename cannot replace a folder.

        fixture.Plane.Send(StreamEvents.KillSwitches, fixture.Plane.KillSet(1, SyncFixture.Kill("a")));
        var refused = await fixture.AckAsync(StreamEvents.KillSwitches, 1, Ack.Refused);
        Assert.Contains("EG3312", Assert.Single(refused.Problems), StringComparison.Ordinal);
        Assert.Equal(["a"], edge.Pushed);

        Directory.Delete(fixture.StateFile(StateFiles.KillSwitches));
        await fixture.AckAsync(StreamEvents.KillSwitches, 1, Ack.Applied);
    }

    private static string Bad(FakeControlPlane plane, string what)
    {
        var payload = BundleReader.WriteKillSwitches([]);
        switch (what)
        {
            case "older sequence":
                return plane.KillSet(9);
            case "older epoch":
                plane.Epoch = 4;
                return plane.KillSet(99);
            case "another lineage":
                plane.Lineage = "line-2";
                return plane.KillSet(99);
            case "same number, other content":
                return plane.KillSet(10);
            case "another edge's":
                return plane.Sign(DocumentType.KillSwitches, 99, payload, audience: "edge-2");
            case "forged with another key":
                return plane.Sign(DocumentType.KillSwitches, 99, payload, key: new SigningKey("k1", RandomNumberGenerator.GetBytes(32)));
            case "another key id":
                return plane.Sign(DocumentType.KillSwitches, 99, payload, key: new SigningKey("k2", RandomNumberGenerator.GetBytes(32)));
            case "another type":
                return plane.Sign(DocumentType.Revocations, 99, payload);
            case "one byte changed":
                var text = new StringBuilder(plane.KillSet(99));
                text[^1] = text[^1] == 'A' ? 'Q' : 'A';
                return text.ToString();
            default:
                return "nonsense";
        }
    }
}
