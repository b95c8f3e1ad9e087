using System.Net;
using System.Net.Http.Json;
using System.Text;
using EdgeGuard.Bundles.Signing;
using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.Tests.Support;
using EdgeGuard.Testing;

namespace EdgeGuard.ControlPlane.Tests.Stream;

public sealed class StreamTests : IAsyncLifetime
{
    private TestControlPlane _plane = null!;
    private TestOrganization _organization = null!;

    public async ValueTask InitializeAsync()
    {
        _plane = await TestControlPlane.StartAsync();
        _organization = await _plane.CreateOrganizationAsync();
    }

    public ValueTask DisposeAsync() => _plane.DisposeAsync();

    [Fact]
    public async Task Stream_Opened_BeginsWithTheWholeSetAndThenRevocationsAndHeartbeat()
    {
        await using var edge = await _organization.ConnectEdgeAsync("e1");

        await edge.Events.WaitForAsync(3);

        Assert.Equal([StreamEvents.KillSwitches, StreamEvents.Revocations, StreamEvents.Heartbeat], edge.Events.Items.Take(3).Select(item => item.EventType));
        var kills = edge.Verify(edge.Events.Items[0], DocumentType.KillSwitches);
        Assert.Equal(1, kills.Header!.Sequence);
        Assert.Equal(1, kills.Header.Epoch);
        Assert.Equal("{\"kill_switches\":[]}", Encoding.UTF8.GetString(kills.Payload!));
        edge.Verify(edge.Events.Items[1], DocumentType.Revocations);
        edge.Verify(edge.Events.Items[2], DocumentType.Heartbeat);
    }

    [Fact]
    public async Task KillSwitch_Added_ReachesEveryStreamSignedForEach()
    {
        await using var one = await _organization.ConnectEdgeAsync("e1");
        await using var two = await _organization.ConnectEdgeAsync("e2");

        var kill = await _organization.KillAsync("tenant-7");

        foreach (var edge in new[] { one, two })
        {
            var item = await edge.Events.WaitForAsync(e => e.EventType == StreamEvents.KillSwitches && edge.Verify(e, DocumentType.KillSwitches).Header!.Sequence == kill.Sequence);
            Assert.Contains("tenant-7", Encoding.UTF8.GetString(edge.Verify(item, DocumentType.KillSwitches).Payload!), StringComparison.Ordinal);
        }

        var foreign = new DocumentVerifier(new TrustedKeys(two.Key)).Verify(
            Encoding.ASCII.GetBytes(one.Events.Items[0].Data), DocumentType.KillSwitches, "e1", TimeProvider.System.GetUtcNow());
        Assert.False(foreign.IsValid);
    }

    [Fact]
    public async Task KillSwitchSet_AfterRestartAndReconnect_IsTheSameBytesForTheSameSequence()
    {
        await _organization.KillAsync("tenant-7");
        var credentials = await _organization.CreateEdgeAsync("e1");
        byte[] before;
        await using (var edge = new TestEdge(_plane, credentials))
        {
            await edge.ConnectAsync();
            await edge.Events.WaitForAsync(1);
            before = edge.Verify(edge.Events.Items[0], DocumentType.KillSwitches).Payload!;
        }

        await _plane.StartAgainAsync();

        await using var again = new TestEdge(_plane, credentials);
        await again.ConnectAsync();
        await again.Events.WaitForAsync(1);
        var after = again.Verify(again.Events.Items[0], DocumentType.KillSwitches);
        Assert.Equal(2, after.Header!.Sequence);
        Assert.Equal(before, after.Payload);
    }

    [Fact]
    public async Task Heartbeat_AcrossStreams_RisesStrictly()
    {
        var credentials = await _organization.CreateEdgeAsync("e1");
        long last = 0;
        for (var round = 0; round < 3; round++)
        {
            await using var edge = new TestEdge(_plane, credentials);
            await edge.ConnectAsync();
            var beat = await edge.Events.WaitForAsync(item => item.EventType == StreamEvents.Heartbeat);
            var sequence = edge.Verify(beat, DocumentType.Heartbeat).Header!.Sequence;
            Assert.True(sequence > last);
            last = sequence;
        }
    }

    [Fact]
    public async Task Session_WrongProof_IsRefusedAndAudited()
    {
        await using var edge = new TestEdge(_plane, await _organization.CreateEdgeAsync("e1"));
        var grant = await edge.OpenSessionAsync();

        using var refused = await edge.GetStreamAsync(grant.SessionId, KeyDerivation.Prove(edge.Key, grant.Challenge + "x", "e1"));

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal("EG6012", (await refused.Content.ReadFromJsonAsync(ContractsJson.Default.Problem))!.Code);
        Assert.Contains(await _organization.GetAsync(ApiRoutes.Audit, ContractsJson.Default.IReadOnlyListAuditEntry), row => row.Action == "edge.proof_failed");

        // The challenge is spent: the right answer comes too late.
        using var late = await edge.GetStreamAsync(grant.SessionId, KeyDerivation.Prove(edge.Key, grant.Challenge, "e1"));
        Assert.Equal(HttpStatusCode.Forbidden, late.StatusCode);
    }

    [Fact]
    public async Task Session_OfAnotherEdgeOrKeyOrProtocol_IsRefused()
    {
        await using var edge = new TestEdge(_plane, await _organization.CreateEdgeAsync("e1"));
        await _organization.CreateEdgeAsync("e2");

        using var other = await edge.PostSessionAsync("e2");
        using var key = await edge.PostSessionAsync("e1", keyId: "k9");
        using var protocol = await edge.PostSessionAsync("e1", protocol: 9);

        Assert.Equal(HttpStatusCode.Forbidden, other.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, key.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, protocol.StatusCode);
    }

    [Fact]
    public async Task SecondSession_OfOneEdge_ClosesTheFirstAndRaisesAnAlert()
    {
        var credentials = await _organization.CreateEdgeAsync("e1");
        await using var first = new TestEdge(_plane, credentials);
        await first.ConnectAsync();
        await first.Events.WaitForAsync(1);

        await using var second = new TestEdge(_plane, credentials);
        await second.ConnectAsync();

        await first.Ended.WaitAsync("the first stream to be closed");
        await second.Events.WaitForAsync(3);
        Assert.False(second.Ended.IsSet);
        Assert.Contains(await _organization.GetAsync(ApiRoutes.Audit, ContractsJson.Default.IReadOnlyListAuditEntry), row => row.Action == "edge.second_session");
    }

    [Fact]
    public async Task SecondSession_ThatGoesOnWithTheFirst_RaisesNoAlert()
    {
        var credentials = await _organization.CreateEdgeAsync("e1");
        await using var first = new TestEdge(_plane, credentials);
        await first.ConnectAsync();
        await first.Events.WaitForAsync(1);
        await using var second = new TestEdge(_plane, credentials);
        await second.ConnectAsync(continues: first.SessionId);

        await first.Ended.WaitAsync("the first stream to be closed");
        await second.Events.WaitForAsync(3);
        Assert.DoesNotContain(await _organization.GetAsync(ApiRoutes.Audit, ContractsJson.Default.IReadOnlyListAuditEntry), row => row.Action == "edge.second_session");

        // One that names a session which is over goes on with nothing.
        await using var third = new TestEdge(_plane, credentials);
        await third.ConnectAsync(continues: first.SessionId);
        await second.Ended.WaitAsync("the second stream to be closed");
        Assert.Contains(await _organization.GetAsync(ApiRoutes.Audit, ContractsJson.Default.IReadOnlyListAuditEntry), row => row.Action == "edge.second_session");
    }

    [Fact]
    public async Task Acknowledgement_OfASet_ShowsInInventoryAndSurvivesARestart()
    {
        await using (var edge = await _organization.ConnectEdgeAsync("e1"))
        {
            await edge.AcknowledgeAsync(new Ack(StreamEvents.KillSwitches, 1, 1, Ack.Applied, []), new Ack(StreamEvents.Bundle, 1, 4, Ack.Refused, ["EG1204 no"]));
            var status = await _organization.GetAsync(ApiRoutes.Status, ContractsJson.Default.FleetStatus);
            var info = Assert.Single(status.Edges);
            Assert.True(info.Connected);
            Assert.Equal(1, info.KillSequence);
            Assert.Equal(["EG1204 no"], info.LastProblems);
        }

        await _plane.StartAgainAsync();

        using var client = _plane.CreateClient(_organization.Token);
        var later = (await client.GetFromJsonAsync(ApiRoutes.Edges, ContractsJson.Default.IReadOnlyListEdgeInfo))!;
        Assert.False(later[0].Connected);
        Assert.Equal(1, later[0].KillSequence);
        Assert.Equal("0.1.0", later[0].EdgeVersion);
        Assert.Equal(["EG1204 no"], later[0].LastProblems);
    }

    [Fact]
    public async Task ClockSkew_AtConnect_ShowsInInventory()
    {
        await using var edge = new TestEdge(_plane, await _organization.CreateEdgeAsync("e1"));
        await edge.ConnectAsync(skewMilliseconds: 3_600_000);

        var info = Assert.Single(await _organization.GetAsync(ApiRoutes.Edges, ContractsJson.Default.IReadOnlyListEdgeInfo));

        Assert.InRange(info.ClockSkewMilliseconds, 3_500_000, 3_600_000);
    }

    [Fact]
    public async Task TokenRotation_WithoutOverlap_ClosesTheStreamAndRefusesTheOldToken()
    {
        await using var edge = await _organization.ConnectEdgeAsync("e1");

        using var rotated = await _organization.Client.PostAsJsonAsync(
            ApiRoutes.Edges + "/e1" + ApiRoutes.EdgeTokens, new RotateToken(0), ContractsJson.Default.RotateToken);

        Assert.Equal(HttpStatusCode.Created, rotated.StatusCode);
        await edge.Ended.WaitAsync("the stream to be closed");
        using var refused = await edge.PostSessionAsync("e1");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }
}
