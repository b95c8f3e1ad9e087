using EdgeGuard.Contracts;
using EdgeGuard.Edge.Sync;
using EdgeGuard.Options;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Sync;

public sealed class StreamTests
{
    [Fact]
    public async Task Calls_OfASession_ShareOneHttp2Connection()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        await using var edge = await fixture.StartEdgeAsync();
        fixture.Plane.Send(StreamEvents.KillSwitches, fixture.Plane.KillSet(1));
        await fixture.AckAsync(StreamEvents.KillSwitches, 1, Ack.Applied);
        fixture.Plane.Publish(1, SyncFixture.Bundle(1));
        await fixture.AckAsync(StreamEvents.Bundle, 1, Ack.Applied);

        Assert.StartsWith("HTTP/2 ", Assert.Single(fixture.Plane.Connections.Items.Distinct(StringComparer.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_CutByTheNetwork_IsOpenedAgainAtOnce()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        await using var edge = await fixture.StartEdgeAsync();
        await fixture.Plane.Streams.WaitForAsync(1);

        fixture.Plane.Cut();
        await fixture.Plane.Streams.WaitForAsync(2);
        fixture.Plane.Send(StreamEvents.KillSwitches, fixture.Plane.KillSet(1, SyncFixture.Kill("a")));
        await fixture.AckAsync(StreamEvents.KillSwitches, 1, Ack.Applied);

        Assert.Equal(["a"], edge.Pushed);
        Assert.Equal(2, edge.Status.Connects);
    }

    [Fact]
    public async Task Stream_EndedByTheControlPlane_IsOpenedAgainEveryTime()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        await using var edge = await fixture.StartEdgeAsync();
        for (var session = 1; session <= 3; session++)
        {
            await fixture.Plane.Streams.WaitForAsync(session);
            fixture.Plane.Send(StreamEvents.Heartbeat, fixture.Plane.Heartbeat(session));
            await Eventually.TrueAsync(() => edge.Status.State == ConnectionState.Connected);
            fixture.Plane.EndStream();
        }

        await fixture.Plane.Streams.WaitForAsync(4);
    }

    [Fact]
    public async Task ControlPlane_DownAtStart_IsConnectedToWhenItComes()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        await fixture.Plane.StopAsync();
        await using var edge = await fixture.StartEdgeAsync();
        await Eventually.TrueAsync(() => edge.Status.Problem is not null);
        Assert.Equal(SyncCodes.Unreachable, edge.Status.Problem!.Code);

        fixture.Plane.Greet(StreamEvents.KillSwitches, fixture.Plane.KillSet(1));
        await fixture.Plane.StartAsync();
        await fixture.AckAsync(StreamEvents.KillSwitches, 1, Ack.Applied);

        Assert.Equal(ConnectionState.Connected, edge.Status.State);
        Assert.Null(edge.Status.Problem);
    }

    [Fact]
    public async Task Token_Wrong_IsNamedAndNeverShown()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        fixture.Options = fixture.Options with { EdgeToken = new SecretText("egt_wrong") };
        await using var edge = await fixture.StartEdgeAsync();

        await Eventually.TrueAsync(() => edge.Status.Problem?.Code == SyncCodes.TokenRefused);

        Assert.DoesNotContain("egt_wrong", edge.Status.Problem!.ToString(), StringComparison.Ordinal);
        Assert.NotEqual(ConnectionState.Connected, edge.Status.State);
    }

    [Fact]
    public async Task Certificate_OfAnotherAuthority_IsNotAccepted()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        using var other = new TestCertificates("another authority");
        fixture.Options = fixture.Options with { ControlPlaneCaFile = fixture.Folder.Write("other.pem", other.AuthorityPem) };
        await using var edge = await fixture.StartEdgeAsync();

        await Eventually.TrueAsync(() => edge.Status.Problem is not null);

        Assert.Equal(SyncCodes.Unreachable, edge.Status.Problem!.Code);
        Assert.Empty(fixture.Plane.Requests.Items);
    }

    [Fact]
    public async Task Certificate_OfAnotherName_IsNotAccepted()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        fixture.Plane.CertificateNames = ["elsewhere.example"];
        await fixture.Plane.StopAsync();
        await fixture.Plane.StartAsync();
        await using var edge = await fixture.StartEdgeAsync();

        await Eventually.TrueAsync(() => edge.Status.Problem is not null);

        Assert.Equal(SyncCodes.Unreachable, edge.Status.Problem!.Code);
        Assert.Empty(fixture.Plane.Requests.Items);
    }

    [Fact]
    public async Task Heartbeat_Verified_MakesTheEdgeFreshAndAgesFromThere()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        var time = new TestTimeProvider(TimeProvider.System.GetUtcNow());
        await using var edge = await fixture.StartEdgeAsync(time);
        await fixture.Plane.Streams.WaitForAsync(1);
        Assert.Null(edge.Status.DirectiveAge);

        fixture.Plane.Send(StreamEvents.Heartbeat, fixture.Plane.Heartbeat(1));
        await Eventually.TrueAsync(() => edge.Status.State == ConnectionState.Connected);
        time.Advance(TimeSpan.FromSeconds(7));

        Assert.Equal(TimeSpan.FromSeconds(7), edge.Status.DirectiveAge);
    }

    [Fact]
    public async Task Heartbeat_Replayed_IsRefusedAndDoesNotMakeFresh()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        var time = new TestTimeProvider(TimeProvider.System.GetUtcNow());
        await using var edge = await fixture.StartEdgeAsync(time);
        var beat = fixture.Plane.Heartbeat(5);
        fixture.Plane.Send(StreamEvents.Heartbeat, beat);
        await Eventually.TrueAsync(() => edge.Status.State == ConnectionState.Connected);
        time.Advance(TimeSpan.FromSeconds(9));

        fixture.Plane.Send(StreamEvents.Heartbeat, beat);
        await fixture.Plane.Acks.WaitForAsync(ack => ack.Kind == StreamEvents.Heartbeat && ack.Status == Ack.Refused);

        Assert.Equal(TimeSpan.FromSeconds(9), edge.Status.DirectiveAge);
    }

    [Fact]
    public async Task Heartbeats_OfASetThatNeverCame_OpenTheStreamAgain()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        await using var edge = await fixture.StartEdgeAsync();
        await fixture.Plane.Streams.WaitForAsync(1);

        fixture.Plane.Send(StreamEvents.Heartbeat, fixture.Plane.Heartbeat(1, killSequence: 4));
        fixture.Plane.Send(StreamEvents.Heartbeat, fixture.Plane.Heartbeat(2, killSequence: 4));

        await fixture.Plane.Streams.WaitForAsync(2);
    }

    [Fact]
    public async Task Stream_SilentForThreeHeartbeats_IsOpenedAgain()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        fixture.Plane.HeartbeatSeconds = 5;
        var time = new TestTimeProvider(TimeProvider.System.GetUtcNow());
        await using var edge = await fixture.StartEdgeAsync(time);
        fixture.Plane.Send(StreamEvents.Heartbeat, fixture.Plane.Heartbeat(1));
        await Eventually.TrueAsync(() => edge.Status.State == ConnectionState.Connected);

        time.Advance(TimeSpan.FromSeconds(14));
        Assert.Equal(1, fixture.Plane.Streams.Count);
        time.Advance(TimeSpan.FromSeconds(2));

        await fixture.Plane.Streams.WaitForAsync(2);
    }

    [Theory]
    [InlineData(StreamEvents.Bundle, "{", SyncCodes.Malformed)]
    [InlineData(StreamEvents.Bundle, """{"version":1,"digest":"d","url":"https://elsewhere.example/edge/v1/bundles/1"}""", SyncCodes.Malformed)]
    [InlineData(StreamEvents.Bundle, """{"version":1,"digest":"d","url":"/edge/v1/bundles/../acks"}""", SyncCodes.Malformed)]
    [InlineData("something-new", "data", SyncCodes.NotSupported)]
    public async Task Event_ThatCannotBeUsed_IsRefusedAndTheStreamGoesOn(string kind, string data, string code)
    {
        await using var fixture = await SyncFixture.CreateAsync();
        await using var edge = await fixture.StartEdgeAsync();

        fixture.Plane.Send(kind, data);
        var refused = await fixture.Plane.Acks.WaitForAsync(ack => ack.Kind == kind && ack.Status == Ack.Refused);
        fixture.Plane.Send(StreamEvents.KillSwitches, fixture.Plane.KillSet(1, SyncFixture.Kill("a")));
        await fixture.AckAsync(StreamEvents.KillSwitches, 1, Ack.Applied);

        Assert.Contains(code, Assert.Single(refused.Problems), StringComparison.Ordinal);
        Assert.Equal(1, fixture.Plane.Streams.Count);
    }

    [Theory]
    [InlineData("""{"revocations":[]}""", Ack.Applied)]
    [InlineData("""{"revocations":[{"user":"u"}]}""", Ack.Refused)]
    public async Task Revocations_AreAcknowledgedOnlyWhenThereIsNothingToEnforce(string payload, string status)
    {
        await using var fixture = await SyncFixture.CreateAsync();
        await using var edge = await fixture.StartEdgeAsync();

        fixture.Plane.Send(
            StreamEvents.Revocations,
            fixture.Plane.Sign(EdgeGuard.Bundles.Signing.DocumentType.Revocations, 1, System.Text.Encoding.UTF8.GetBytes(payload)));

        await fixture.AckAsync(StreamEvents.Revocations, 1, status);
    }
}
