using System.Net;
using EdgeGuard.Bundles.Keys;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Signing;
using EdgeGuard.Bundles.Validation;
using EdgeGuard.Contracts;
using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.State;
using EdgeGuard.Edge.Sync;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Identity.Revocations;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Sync;

/// <summary>Pushed API keys and revocations: in force at once, kept, and there again without a control plane.</summary>
public sealed class IdentityDirectiveTests
{
    private static readonly string Key = ApiKeyText.Create(isPublishable: false, "live");

    [Fact]
    public async Task PushedKey_IsAcceptedWithoutABundleOfItsOwn_AndRevokedAtOnce()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        await using var edge = await StartAsync(fixture);
        Assert.Equal(HttpStatusCode.Unauthorized, await DecideAsync(edge));

        fixture.Plane.Send(StreamEvents.ApiKeys, Keys(fixture, 1, Definition()));
        await fixture.AckAsync(StreamEvents.ApiKeys, 1, Ack.Applied);
        Assert.Equal(HttpStatusCode.OK, await DecideAsync(edge));

        fixture.Plane.Send(StreamEvents.Revocations, Revocations(fixture, 2, "k-1"));
        await fixture.AckAsync(StreamEvents.Revocations, 2, Ack.Applied);
        Assert.Equal(HttpStatusCode.Unauthorized, await DecideAsync(edge));

        fixture.Plane.Send(StreamEvents.Revocations, Revocations(fixture, 3));
        await fixture.AckAsync(StreamEvents.Revocations, 3, Ack.Applied);
        Assert.Equal(HttpStatusCode.OK, await DecideAsync(edge));
        Assert.Equal(new HighWaterMark("line-1", 1, 3), edge.Get<StateDirectory>().HighWater(DocumentType.Revocations));
    }

    [Fact]
    public async Task Restart_WithoutControlPlane_BringsKeysAndRevocationsBack()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        await using (var edge = await StartAsync(fixture))
        {
            var second = Definition() with { Id = "k-2", Sha256 = new string('0', 64) };
            fixture.Plane.Send(StreamEvents.ApiKeys, Keys(fixture, 5, Definition(), second));
            fixture.Plane.Send(StreamEvents.Revocations, Revocations(fixture, 7, "k-2", "k-3"));
            await fixture.AckAsync(StreamEvents.ApiKeys, 5, Ack.Applied);
            await fixture.AckAsync(StreamEvents.Revocations, 7, Ack.Applied);
        }

        await fixture.Plane.StopAsync();
        await using var again = await fixture.StartEdgeAsync();

        Assert.Equal((2, 2), (again.Get<ApiKeySet>().Count, again.Get<RevocationSet>().Count));
        Assert.Equal((5L, 7L), (again.Get<ApiKeySet>().Mark.Sequence, again.Get<RevocationSet>().Mark.Sequence));
        Assert.Equal(HttpStatusCode.OK, await DecideAsync(again));
        Assert.Equal(2, again.Get<RevocationList>().Pushed.TokensValidAfter.Length);
    }

    [Fact]
    public async Task Restart_AfterRevocation_StillRefuses()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        await using (var edge = await StartAsync(fixture))
        {
            fixture.Plane.Send(StreamEvents.ApiKeys, Keys(fixture, 1, Definition()));
            fixture.Plane.Send(StreamEvents.Revocations, Revocations(fixture, 2, "k-1"));
            await fixture.AckAsync(StreamEvents.ApiKeys, 1, Ack.Applied);
            await fixture.AckAsync(StreamEvents.Revocations, 2, Ack.Applied);
        }

        await fixture.Plane.StopAsync();
        await using var again = await fixture.StartEdgeAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, await DecideAsync(again));
    }

    [Theory]
    [InlineData("older", "EG2101")]
    [InlineData("forged", "EG2001")]
    [InlineData("another edge's", "EG2007")]
    [InlineData("kill switches", "EG2005")]
    [InlineData("not readable", "EG1101")]
    [InlineData("same number, other content", "EG2104")]
    public async Task Set_ThatMayNotBeUsed_IsRefusedAndChangesNothing(string what, string code)
    {
        await using var fixture = await SyncFixture.CreateAsync();
        await using var edge = await StartAsync(fixture);
        fixture.Plane.Send(StreamEvents.ApiKeys, Keys(fixture, 1, Definition()));
        fixture.Plane.Send(StreamEvents.Revocations, Revocations(fixture, 10, "k-1"));
        await fixture.AckAsync(StreamEvents.Revocations, 10, Ack.Applied);
        var empty = BundleReader.WriteRevocations(RevocationsDefinition.None);
        var plane = fixture.Plane;

        plane.Send(StreamEvents.Revocations, what switch
        {
            "older" => plane.Sign(DocumentType.Revocations, 9, empty),
            "forged" => plane.Sign(DocumentType.Revocations, 11, empty, key: new SigningKey(plane.Key.Id, new byte[32])),
            "another edge's" => plane.Sign(DocumentType.Revocations, 11, empty, audience: "edge-2"),
            "kill switches" => plane.KillSet(11),
            "not readable" => plane.Sign(DocumentType.Revocations, 11, """{"revocations":{"users":[]}}"""u8),
            _ => plane.Sign(DocumentType.Revocations, 10, empty),
        });
        var refused = await plane.Acks.WaitForAsync(ack => ack.Status == Ack.Refused, what);

        Assert.Equal(StreamEvents.Revocations, refused.Kind);
        Assert.Contains(code, refused.Problems[0], StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, await DecideAsync(edge));
    }

    [Fact]
    public async Task Heartbeat_OfASetThatNeverCame_OpensTheStreamAgain()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        await using var edge = await StartAsync(fixture);
        var streams = fixture.Plane.Streams.Count;

        fixture.Plane.Send(StreamEvents.Heartbeat, Beat(fixture, 1));
        fixture.Plane.Send(StreamEvents.Heartbeat, Beat(fixture, 2));

        await fixture.Plane.Streams.WaitForAsync(streams + 1);
    }

    private static string Beat(SyncFixture fixture, long number) => fixture.Plane.Sign(
        DocumentType.Heartbeat, number,
        System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new HeartbeatPayload(1, 0, 0, 0, 3), ContractsJson.Default.HeartbeatPayload));

    private static async Task<ConnectedEdge> StartAsync(SyncFixture fixture)
    {
        var edge = await fixture.StartEdgeAsync();
        fixture.Plane.Publish(1, """
            {"format":"edgeguard/v1","bundle_version":1,"api_keys":[],"policies":[
              {"id":"api","spec":{"selector":{"pathPrefix":"/"},"identity":"required","rules":[]}}]}
            """.ReplaceLineEndings(string.Empty));
        await fixture.AckAsync(StreamEvents.Bundle, 1, Ack.Applied);
        return edge;
    }

    private static async Task<HttpStatusCode> DecideAsync(ConnectedEdge edge)
    {
        using var client = new HttpClient { BaseAddress = new Uri(edge.Host.AddressOf(DoorTag.Decision)!), Timeout = Eventually.Generous };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/decision");
        request.Headers.Add("X-Original-Method", "GET");
        request.Headers.Add("X-Original-URI", "/v1/a");
        request.Headers.Add("X-Original-Host", "api.test");
        request.Headers.Add("X-API-Key", Key);
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }

    private static string Keys(SyncFixture fixture, long sequence, params ApiKeyDefinition[] keys) =>
        fixture.Plane.Sign(DocumentType.ApiKeys, sequence, BundleReader.WriteApiKeys(keys));

    private static string Revocations(SyncFixture fixture, long sequence, params string[] keys) => fixture.Plane.Sign(
        DocumentType.Revocations, sequence, BundleReader.WriteRevocations(new RevocationsDefinition
        {
            TokensValidAfter = [.. keys.Select(key => new TokensValidAfter(RevokedKind.Key, key, new DateTimeOffset(2036, 1, 1, 0, 0, 0, TimeSpan.Zero)))],
        }));

    private static ApiKeyDefinition Definition() => new()
    {
        Id = "k-1",
        IsPublishable = false,
        Sha256 = ApiKeyText.DigestText(Key),
        Organization = "acme",
        NotBefore = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
    };
}
