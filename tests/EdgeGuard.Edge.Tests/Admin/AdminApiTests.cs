using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using EdgeGuard.Contracts;
using EdgeGuard.Edge.State;
using EdgeGuard.Edge.Telemetry;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Edge.Tests.Sync;

namespace EdgeGuard.Edge.Tests.Admin;

public sealed class AdminApiTests
{
    [Fact]
    public async Task Socket_OfARunningEdge_IsItsOwnersOnlyAndGoneAfterwards()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        var path = fixture.StateFile(StateFiles.AdminSocket);
        await using (var edge = await fixture.StartEdgeAsync())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            Assert.DoesNotContain(Directory.EnumerateDirectories(Path.GetDirectoryName(path)!), folder => Path.GetFileName(folder).StartsWith(".a", StringComparison.Ordinal));
        }

        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task Socket_LeftByAKilledProcess_IsReplaced()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        var path = fixture.StateFile(StateFiles.AdminSocket);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, "stale");

        await using var edge = await fixture.StartEdgeAsync();

        using var client = ClientOf(fixture);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/status")).StatusCode);
    }

    // Nobody speaks TLS where the directory should be, so fetching it fails.
    [Fact]
    public async Task Status_ShowsKeySetsKeyDirectoriesAndTheAgeOfPushedSets()
    {
        await using var server = await EdgeGuard.Testing.JwksServer.StartAsync();
        await using var fixture = await SyncFixture.CreateAsync();
        fixture.Options = fixture.Options with { FetchAllowedHosts = [server.BaseAddress.Authority] };
        await using var edge = await fixture.StartEdgeAsync();
        fixture.Plane.Publish(1, $$$"""
            {"format":"edgeguard/v1","bundle_version":1,
             "issuers":[{"id":"main","issuer":"{{{server.Issuer}}}","audiences":["api"],"algorithms":["RS256"],"jwks_url":"{{{server.KeySetUrl}}}"}],
             "agents":[{"id":"bot","scheme":"http_message_signature","algorithm":"ed25519","key_directory":"https://{{{server.BaseAddress.Authority}}}/.well-known/http-message-signatures-directory","required_components":["@authority"]}],
             "policies":[{"id":"api","spec":{"selector":{"pathPrefix":"/"},"identity":"required","rules":[]}}]}
            """.ReplaceLineEndings(string.Empty));
        await fixture.AckAsync(StreamEvents.Bundle, 1, Ack.Applied);
        fixture.Plane.Send(StreamEvents.Revocations, fixture.Plane.Sign(
            EdgeGuard.Bundles.Signing.DocumentType.Revocations, 4,
            EdgeGuard.Bundles.Validation.BundleReader.WriteRevocations(new EdgeGuard.Bundles.Model.RevocationsDefinition { TokenIds = ["t-1", "t-2"] })));
        await fixture.AckAsync(StreamEvents.Revocations, 4, Ack.Applied);

        using var client = ClientOf(fixture);
        JsonElement status = default;
        await EdgeGuard.Testing.Eventually.TrueAsync(async () =>
        {
            status = JsonDocument.Parse(await client.GetStringAsync("/status")).RootElement;
            var verifies = status.GetProperty("identity");
            return verifies.GetProperty("issuers")[0].GetProperty("fetches_ok").GetInt64() > 0
                && verifies.GetProperty("agent_directories")[0].GetProperty("fetches_failed").GetInt64() > 0;
        });

        var identity = status.GetProperty("identity");
        var issuer = identity.GetProperty("issuers")[0];
        Assert.Equal(("main", true), (issuer.GetProperty("id").GetString(), issuer.GetProperty("usable").GetBoolean()));
        Assert.True(issuer.GetProperty("age_seconds").GetInt64() >= 0);
        Assert.True(issuer.GetProperty("keys").GetInt32() > 0);
        var bot = identity.GetProperty("agent_directories")[0];
        Assert.Equal(("bot", false, 0), (bot.GetProperty("id").GetString(), bot.GetProperty("usable").GetBoolean(), bot.GetProperty("keys").GetInt32()));
        Assert.False(bot.TryGetProperty("age_seconds", out _));
        Assert.NotEqual(0, bot.GetProperty("problems").GetArrayLength());
        Assert.Equal(
            ["agent", "dpop"], identity.GetProperty("replays").EnumerateArray().Select(memory => memory.GetProperty("memory").GetString()!).Order(StringComparer.Ordinal));

        var revocations = status.GetProperty("pushed_revocations");
        Assert.Equal((2, 4L), (revocations.GetProperty("count").GetInt32(), revocations.GetProperty("sequence").GetInt64()));
        Assert.True(revocations.GetProperty("age_seconds").GetInt64() >= 0);
        Assert.False(status.GetProperty("pushed_api_keys").TryGetProperty("age_seconds", out _));
    }

    [Fact]
    public async Task Status_OfAConnectedEdge_ShowsWhatIsInForceAndNoSecret()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        await using var edge = await fixture.StartEdgeAsync();
        fixture.Plane.Publish(1, SyncFixture.Bundle(1));
        await fixture.AckAsync(StreamEvents.Bundle, 1, Ack.Applied);
        fixture.Plane.Send(StreamEvents.KillSwitches, fixture.Plane.KillSet(2, SyncFixture.Kill("a")));
        await fixture.AckAsync(StreamEvents.KillSwitches, 2, Ack.Applied);

        using var client = ClientOf(fixture);
        var text = await client.GetStringAsync("/status");

        var status = JsonDocument.Parse(text).RootElement;
        Assert.Equal("edge-1", status.GetProperty("edge_id").GetString());
        Assert.Equal(1, status.GetProperty("bundle").GetProperty("version").GetInt64());
        Assert.Equal(1, status.GetProperty("kill_switches").GetProperty("pushed").GetInt32());
        Assert.Equal(2, status.GetProperty("kill_switches").GetProperty("pushed_sequence").GetInt64());
        Assert.Equal("connected", status.GetProperty("control_plane").GetProperty("state").GetString());
        Assert.True(status.GetProperty("state").GetProperty("persistent").GetBoolean());
        Assert.Equal(0, status.GetProperty("pushed_revocations").GetProperty("count").GetInt32());
        Assert.False(status.GetProperty("pushed_api_keys").TryGetProperty("sequence", out _));
        Assert.Equal(0, status.GetProperty("identity").GetProperty("issuers").GetArrayLength());
        Assert.Equal(
            edge.Host.AddressOf(EdgeGuard.Edge.Doors.DoorTag.Decision), "http://" + status.GetProperty("listeners").GetProperty("decision").GetString());
        Assert.Equal("off", status.GetProperty("listeners").GetProperty("proxy").GetString());
        Assert.DoesNotContain(FakeControlPlane.Token, text, StringComparison.Ordinal);
        Assert.DoesNotContain(fixture.Plane.Key.Export(), text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Egress_IsExactlyWhatIsSentNext()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        await using var edge = await fixture.StartEdgeAsync();
        using var client = ClientOf(fixture);
        Assert.Equal(HttpStatusCode.NoContent, (await client.GetAsync("/egress")).StatusCode);
        edge.Get<DecisionRecorder>().Record(TestPolicies.Snapshot(), TestPolicies.Allow(), 400);

        var shown = await client.GetByteArrayAsync("/egress");
        var flushed = await client.PostAsync("/egress/flush", null);

        Assert.Equal(HttpStatusCode.OK, flushed.StatusCode);
        Assert.Equal(shown, fixture.Plane.Batches.Items[0]);
    }

    [Fact]
    public async Task Flush_WithTheControlPlaneDead_SaysWhy()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        await fixture.Plane.StopAsync();
        await using var edge = await fixture.StartEdgeAsync();
        edge.Get<DecisionRecorder>().Record(TestPolicies.Snapshot(), TestPolicies.Allow(), 400);

        using var client = ClientOf(fixture);
        var answer = await client.PostAsync("/egress/flush", null);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("EG3302", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kill_SetWithTheControlPlaneDead_IsInForceSurvivesAndIsReportedWithoutItsValue()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        await fixture.Plane.StopAsync();
        await using (var first = await fixture.StartEdgeAsync())
        {
            using var client = ClientOf(fixture);
            var created = await PostKillAsync(client, """{"scope_key":"header:x-api-key","scope_value":"leaked-value","reason":"leak","id":"glass"}""");
            Assert.Equal(HttpStatusCode.Created, created.StatusCode);
            Assert.Contains(first.Snapshot.KillSwitches, entry => entry.Origin == "local" && entry.Switch.Id == "glass");
        }

        await using (var second = await fixture.StartEdgeAsync())
        {
            Assert.Contains(second.Snapshot.KillSwitches, entry => entry.Origin == "local" && entry.Switch.Id == "glass");
            using var client = ClientOf(fixture);
            Assert.Equal(HttpStatusCode.OK, (await client.DeleteAsync("/kill/glass")).StatusCode);
            Assert.Empty(second.Snapshot.KillSwitches);
            Assert.Equal(HttpStatusCode.NotFound, (await client.DeleteAsync("/kill/glass")).StatusCode);
            await fixture.Plane.StartAsync();
            await second.Get<TelemetrySender>().FlushAsync(CancellationToken.None);
        }

        var sent = string.Concat(fixture.Plane.Batches.Items.Select(Encoding.UTF8.GetString));
        Assert.Contains("\"added\"", sent, StringComparison.Ordinal);
        Assert.Contains("\"removed\"", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("leaked-value", sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kill_Invalid_NamesAllProblemsAndChangesNothing()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        await using var edge = await fixture.StartEdgeAsync();
        using var client = ClientOf(fixture);

        var answer = await PostKillAsync(client, """{"scope_key":"nonsense","scope_value":"","reason":" ","status":200}""");
        var problem = JsonSerializer.Deserialize(await answer.Content.ReadAsStringAsync(), ContractsJson.Default.Problem)!;

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.True(problem.Errors.Count >= 3, string.Join('\n', problem.Errors));
        Assert.Empty(edge.Snapshot.KillSwitches);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("null")]
    [InlineData("[]")]
    public async Task Kill_NotAKillSwitch_IsRefusedWithoutRepeatingIt(string body)
    {
        await using var fixture = await SyncFixture.CreateAsync();
        await using var edge = await fixture.StartEdgeAsync();
        using var client = ClientOf(fixture);

        var answer = await PostKillAsync(client, body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("EG3292", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Address_Unknown_IsAProblem()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        await using var edge = await fixture.StartEdgeAsync();
        using var client = ClientOf(fixture);

        var answer = await client.GetAsync("/nowhere");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    private static Task<HttpResponseMessage> PostKillAsync(HttpClient client, string json) =>
        client.PostAsync("/kill", new StringContent(json, Encoding.UTF8, "application/json"));

    private static HttpClient ClientOf(SyncFixture fixture)
    {
        var path = fixture.StateFile(StateFiles.AdminSocket);
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        return new HttpClient(handler) { BaseAddress = new Uri("http://edge") };
    }
}
