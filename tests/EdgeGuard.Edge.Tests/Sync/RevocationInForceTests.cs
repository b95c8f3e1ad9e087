using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using EdgeGuard.Bundles.Keys;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Signing;
using EdgeGuard.Bundles.Validation;
using EdgeGuard.Contracts;
using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.State;
using EdgeGuard.Edge.Sync;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Sync;

/// <summary>
/// A revocation is in force as soon as a kill switch: when the event of the stream has been taken, on the thread that reads the stream, before it is kept or
/// acknowledged, for credentials that are remembered as well. Shown by the order of things and not by a clock: the next request is the first one refused.
/// </summary>
public sealed class RevocationInForceTests
{
    private static readonly DateTimeOffset Later = new(2126, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly string Key = ApiKeyText.Create(isPublishable: false, "live");

    [Theory]
    [InlineData("kill switch")]
    [InlineData("organization")]
    [InlineData("subject")]
    [InlineData("token")]
    [InlineData("key")]
    [InlineData("organization of a key")]
    public async Task Event_OfTheStream_IsInForceForTheNextRequestAfterItWasTaken(string what)
    {
        await using var server = await JwksServer.StartAsync();
        await using var fixture = await SyncFixture.CreateAsync();
        fixture.Options = fixture.Options with { FetchAllowedHosts = [server.BaseAddress.Authority] };
        await using var edge = await fixture.StartEdgeAsync();
        fixture.Plane.Publish(1, Bundle(server));
        await fixture.AckAsync(StreamEvents.Bundle, 1, Ack.Applied);
        using var client = new HttpClient { BaseAddress = new Uri(edge.Host.AddressOf(DoorTag.Decision)!), Timeout = Eventually.Generous };
        var token = server.Issue(new JsonObject { ["sub"] = "ann", ["aud"] = "api", ["org"] = "acme", ["jti"] = "t-1" });
        var credential = what.Contains("key", StringComparison.Ordinal) ? ("X-API-Key", Key) : ("Authorization", "Bearer " + token);
        var other = ("Authorization", "Bearer " + server.Issue(new JsonObject { ["sub"] = "bob", ["aud"] = "api", ["org"] = "globex", ["jti"] = "t-2" }));

        // Twice, so that it is remembered.
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (await DecideAsync(client, credential), await DecideAsync(client, other)));
        }

        // What has to be kept cannot be: nothing waits for a disk, and nothing for the control plane's answer.
        edge.Get<StateDirectory>().Suspend();
        var acks = fixture.Plane.Acks.Count;
        Assert.True(Take(edge, fixture, what));

        Assert.Equal(what == "kill switch" ? HttpStatusCode.TooManyRequests : HttpStatusCode.Unauthorized, await DecideAsync(client, credential));
        Assert.Equal(HttpStatusCode.OK, await DecideAsync(client, other));
        Assert.DoesNotContain(fixture.Plane.Acks.Items.Skip(acks), ack => ack.Status == Ack.Applied && (ack.Kind == StreamEvents.Revocations || ack.Kind == StreamEvents.KillSwitches));
    }

    [Fact]
    public async Task Event_ThatIsForged_ChangesNothing()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        await using var edge = await fixture.StartEdgeAsync();
        var set = Revocations(fixture, 1, RevokedKind.Subject, "ann");

        Assert.False(edge.Get<DirectiveDispatcher>().Take(StreamEvents.Revocations, Encoding.ASCII.GetBytes(set[..^4] + "AAAA")));
        Assert.True(edge.Get<EdgeGuard.Identity.Revocations.RevocationList>().IsEmpty);
    }

    private static bool Take(ConnectedEdge edge, SyncFixture fixture, string what)
    {
        var dispatcher = edge.Get<DirectiveDispatcher>();
        return what switch
        {
            "kill switch" => dispatcher.Take(StreamEvents.KillSwitches, Encoding.ASCII.GetBytes(fixture.Plane.KillSet(1, new KillSwitchDefinition
            {
                Id = "k",
                ScopeKey = new DescriptorKey(DescriptorKind.Claim, "org"),
                ScopeValue = "acme",
                Status = 429,
            }))),
            "organization" => Revoke(Revocations(fixture, 1, RevokedKind.Organization, "acme")),
            "organization of a key" => Revoke(Revocations(fixture, 1, RevokedKind.Organization, "keyed")),
            "subject" => Revoke(Revocations(fixture, 1, RevokedKind.Subject, "ann")),
            "key" => Revoke(Revocations(fixture, 1, RevokedKind.Key, "k-1")),
            _ => Revoke(fixture.Plane.Sign(DocumentType.Revocations, 1, BundleReader.WriteRevocations(new RevocationsDefinition { TokenIds = ["t-1"] }))),
        };

        bool Revoke(string document) => dispatcher.Take(StreamEvents.Revocations, Encoding.ASCII.GetBytes(document));
    }

    private static string Revocations(SyncFixture fixture, long sequence, RevokedKind kind, string value) => fixture.Plane.Sign(
        DocumentType.Revocations, sequence, BundleReader.WriteRevocations(new RevocationsDefinition { TokensValidAfter = [new TokensValidAfter(kind, value, Later)] }));

    private static async Task<HttpStatusCode> DecideAsync(HttpClient client, (string Name, string Value) credential)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/decision");
        request.Headers.Add("X-Original-Method", "GET");
        request.Headers.Add("X-Original-URI", "/v1/a");
        request.Headers.Add("X-Original-Host", "api.test");
        request.Headers.Add(credential.Name, credential.Value);
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }

    private static string Bundle(JwksServer server) => $$$"""
        {"format":"edgeguard/v1","bundle_version":1,
         "issuers":[{"id":"main","issuer":"{{{server.Issuer}}}","audiences":["api"],"algorithms":["RS256"],"jwks_url":"{{{server.KeySetUrl}}}"}],
         "api_keys":[{"id":"k-1","kind":"secret","sha256":"{{{ApiKeyText.DigestText(Key)}}}","organization":"keyed","not_before":"2026-01-01T00:00:00Z"}],
         "policies":[{"id":"api","spec":{"selector":{"pathPrefix":"/"},"identity":"required","rules":[]}}]}
        """.ReplaceLineEndings(string.Empty);
}
