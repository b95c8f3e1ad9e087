using EdgeGuard.Bundles.Signing;
using EdgeGuard.Contracts;
using EdgeGuard.Edge.Bundles;
using EdgeGuard.Edge.Fuse;
using EdgeGuard.Edge.State;
using EdgeGuard.Edge.Telemetry;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Sync;

public sealed class BundleDirectiveTests
{
    private static readonly Decision Admitted = new() { KillSwitch = Decision.None, Policy = Decision.None, Rule = Decision.None, MatchedPolicy = Decision.None };

    private static void Decide(ConnectedEdge edge, int count)
    {
        for (var i = 0; i < count; i++)
        {
            edge.Get<IDecisionRecorder>().Record(edge.Snapshot, Admitted, 100);
        }
    }

    [Fact]
    public async Task Bundle_Announced_IsFetchedActivatedKeptAndAcknowledged()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        await using var edge = await fixture.StartEdgeAsync();

        fixture.Plane.Publish(7, SyncFixture.Bundle(7));
        var ack = await fixture.AckAsync(StreamEvents.Bundle, 7, Ack.Applied);

        Assert.Equal(7, edge.Snapshot.Version);
        Assert.Equal(1, ack.Epoch);
        Assert.Equal(fixture.Plane.Bundles[7].Document, await File.ReadAllTextAsync(fixture.StateFile(StateFiles.LastGoodBundle)));
        Assert.Equal(7, edge.Get<StateDirectory>().HighWater(DocumentType.Bundle).Sequence);
    }

    [Fact]
    public async Task Bundle_ThatDoesNotValidate_IsRefusedWithAllReasonsAndTheOldOneStays()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        await using var edge = await fixture.StartEdgeAsync();
        fixture.Plane.Publish(1, SyncFixture.Bundle(1));
        await fixture.AckAsync(StreamEvents.Bundle, 1, Ack.Applied);

        fixture.Plane.Publish(2, """{"format":"edgeguard/v1","bundle_version":2,"polices":[],"policies":"no"}""");
        var refused = await fixture.AckAsync(StreamEvents.Bundle, 2, Ack.Refused);

        Assert.True(refused.Problems.Count >= 2, string.Join('\n', refused.Problems));
        Assert.Equal(1, edge.Snapshot.Version);
    }

    [Fact]
    public async Task Bundle_ThatFailsItsOwnTests_IsRefusedAndTheOldOneStays()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        await using var edge = await fixture.StartEdgeAsync();
        fixture.Plane.Publish(1, SyncFixture.Bundle(1));
        await fixture.AckAsync(StreamEvents.Bundle, 1, Ack.Applied);

        const string Tests = ""","tests":[{"name":"t","steps":[{"request":{"path":"/a","headers":{"x-api-key":"k"}},"expect":{"verdict":"reject"}}]}]}""";
        fixture.Plane.Publish(2, SyncFixture.Bundle(2)[..^1] + Tests);
        var refused = await fixture.AckAsync(StreamEvents.Bundle, 2, Ack.Refused);

        Assert.Contains(refused.Problems, problem => problem.Contains("EG1401", StringComparison.Ordinal));
        Assert.Equal(1, edge.Snapshot.Version);
    }

    [Fact]
    public async Task Bundle_AnnouncedAgainAfterReconnect_IsNotFetchedAgainButAcknowledged()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        await using var edge = await fixture.StartEdgeAsync();
        fixture.Plane.Publish(1, SyncFixture.Bundle(1));
        await fixture.AckAsync(StreamEvents.Bundle, 1, Ack.Applied);
        fixture.Plane.Acks.Clear();

        fixture.Plane.Send(StreamEvents.Bundle, fixture.Plane.Announcement(1));
        var ack = await fixture.AckAsync(StreamEvents.Bundle, 1, Ack.Applied);

        Assert.Equal(1, ack.Epoch);
        Assert.Single(fixture.Plane.Requests.Items, request => request.StartsWith("GET " + EdgeRoutes.Bundle, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Bundle_RefusedAndAnnouncedAgain_IsAskedForOnlyIfChanged()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        await using var edge = await fixture.StartEdgeAsync();
        fixture.Plane.Publish(2, """{"format":"edgeguard/v1","bundle_version":2,"policies":"no"}""");
        await fixture.AckAsync(StreamEvents.Bundle, 2, Ack.Refused);
        fixture.Plane.Acks.Clear();

        fixture.Plane.Send(StreamEvents.Bundle, fixture.Plane.Announcement(2));
        await fixture.AckAsync(StreamEvents.Bundle, 2, Ack.Refused);

        Assert.Equal(1, fixture.Plane.NotModified.Count);
    }

    [Fact]
    public async Task Bundle_ThatItsFuseTakesBack_IsToldToBeRefused_AndIsNotFetchedAgain()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        await using var edge = await fixture.StartEdgeAsync();
        fixture.Plane.Publish(1, SyncFixture.Bundle(1));
        await fixture.AckAsync(StreamEvents.Bundle, 1, Ack.Applied);
        Decide(edge, 10);
        fixture.Plane.Publish(2, SyncFixture.Bundle(2)[..^1] + ""","fuse":{"enabled":true,"min_requests":10}}""");
        await fixture.AckAsync(StreamEvents.Bundle, 2, Ack.Applied);
        var digest = edge.Snapshot.Digest;

        edge.Get<BundleActivator>().Revert(new FuseTrip(digest, new FuseReading(10, 0), new FuseReading(10, 9)));
        var refused = await fixture.AckAsync(StreamEvents.Bundle, 2, Ack.Refused);

        Assert.Contains("EG3240", Assert.Single(refused.Problems), StringComparison.Ordinal);
        Assert.Equal(1, edge.Snapshot.Version);
        fixture.Plane.Acks.Clear();
        var fetches = fixture.Plane.Requests.Items.Count(request => request.StartsWith("GET " + EdgeRoutes.Bundle, StringComparison.Ordinal));
        fixture.Plane.Send(StreamEvents.Bundle, fixture.Plane.Announcement(2));
        await fixture.AckAsync(StreamEvents.Bundle, 2, Ack.Refused);
        Assert.Equal(fetches, fixture.Plane.Requests.Items.Count(request => request.StartsWith("GET " + EdgeRoutes.Bundle, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Bundle_OfAnotherEdge_IsRefused()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        await using var edge = await fixture.StartEdgeAsync();
        var document = fixture.Plane.Sign(
            DocumentType.Bundle, 3, System.Text.Encoding.UTF8.GetBytes(SyncFixture.Bundle(3)), audience: "edge-2");
        fixture.Plane.Bundles[3] = (document, "digest");

        fixture.Plane.Send(StreamEvents.Bundle, fixture.Plane.Announcement(3));
        await fixture.AckAsync(StreamEvents.Bundle, 3, Ack.Refused);

        Assert.Equal(0, edge.Snapshot.Version);
    }

    [Fact]
    public async Task Bundle_AnnouncedButGone_IsRefusedAndTheStreamGoesOn()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        await using var edge = await fixture.StartEdgeAsync();

        fixture.Plane.Send(StreamEvents.Bundle, """{"version":9,"digest":"d","url":"/edge/v1/bundles/9"}""");
        var refused = await fixture.AckAsync(StreamEvents.Bundle, 9, Ack.Refused);

        Assert.Contains("EG3309", Assert.Single(refused.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task KillSwitches_BehindABundleThatIsBeingFetched_DoNotWaitForIt()
    {
        await using var fixture = await SyncFixture.CreateAsync();

        // In virtual time the random wait before the fetch never ends, so the bundle is under way for good.
        await using var edge = await fixture.StartEdgeAsync(new TestTimeProvider(TimeProvider.System.GetUtcNow()));
        fixture.Plane.Publish(1, SyncFixture.Bundle(1));
        fixture.Plane.Send(StreamEvents.KillSwitches, fixture.Plane.KillSet(1, SyncFixture.Kill("a")));

        await fixture.AckAsync(StreamEvents.KillSwitches, 1, Ack.Applied);
        Assert.Equal(["a"], edge.Pushed);
    }

    [Fact]
    public async Task Restart_WithTheControlPlaneDead_DecidesByTheLastGoodBundle()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        await using (var first = await fixture.StartEdgeAsync())
        {
            fixture.Plane.Publish(3, SyncFixture.Bundle(3));
            await fixture.AckAsync(StreamEvents.Bundle, 3, Ack.Applied);
        }

        await fixture.Plane.StopAsync();
        await using var second = await fixture.StartEdgeAsync();

        Assert.Equal(3, second.Snapshot.Version);
    }
}
