using System.Net;
using System.Net.Http.Json;
using EdgeGuard.Bundles.Signing;
using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.Tests.Support;

namespace EdgeGuard.ControlPlane.Tests.Orgs;

/// <summary>The API as the CLI uses it, on each database.</summary>
public abstract class ApiTests(TestStorage storage) : IAsyncLifetime
{
    private TestControlPlane _plane = null!;
    private TestOrganization _organization = null!;

    public async ValueTask InitializeAsync()
    {
        _plane = await TestControlPlane.StartAsync(storage);
        _organization = await _plane.CreateOrganizationAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_plane is not null)
        {
            await _plane.DisposeAsync();
        }
    }

    [Fact]
    public async Task Me_WithAccessToken_NamesUserOrganizationAndRegion()
    {
        var me = await _organization.GetAsync(ApiRoutes.Me, ContractsJson.Default.WhoAmI);

        Assert.Equal(("admin@acme.example", "acme", "Admin", "eu"), (me.User, me.Organization, me.Role, me.Region));
    }

    [Fact]
    public async Task Organizations_Two_SeeAndTouchNothingOfEachOther()
    {
        var other = await _plane.CreateOrganizationAsync("globex");
        await _organization.CreateEdgeAsync("e1");
        var kill = await _organization.KillAsync("tenant-7");
        using var pushed = await _organization.PushAsync(TestBundles.Yaml());
        Assert.Equal(HttpStatusCode.Created, pushed.StatusCode);
        using var otherEdge = _plane.CreateClient((await other.CreateEdgeAsync("g1")).EdgeToken);

        Assert.Equal("g1", Assert.Single(await other.GetAsync(ApiRoutes.Edges, ContractsJson.Default.IReadOnlyListEdgeInfo)).EdgeId);
        Assert.Empty(await other.GetAsync(ApiRoutes.KillSwitches, ContractsJson.Default.IReadOnlyListKillSwitchInfo));
        Assert.Empty(await other.GetAsync(ApiRoutes.Bundles, ContractsJson.Default.IReadOnlyListBundleInfo));
        var status = await other.GetAsync(ApiRoutes.Status, ContractsJson.Default.FleetStatus);
        Assert.Equal((1L, 0L, 0), (status.KillSequence, status.BundleVersion, status.KillSwitches));
        Assert.DoesNotContain(await other.GetAsync(ApiRoutes.Audit, ContractsJson.Default.IReadOnlyListAuditEntry), row => row.Subject == "edge:e1");
        Assert.Equal(0, (await other.GetAsync(ApiRoutes.TelemetrySummary + "?edge=e1", ContractsJson.Default.TelemetrySummary)).Batches);
        HttpResponseMessage[] refused =
        [
            await other.Client.GetAsync(ApiRoutes.CurrentBundle),
            await other.Client.GetAsync(ApiRoutes.Bundles + "/1"),
            await other.Client.DeleteAsync($"{ApiRoutes.KillSwitches}/{kill.Id}?reason=x"),
            await other.Client.PostAsJsonAsync(ApiRoutes.Edges + "/e1/tokens", new RotateToken(0), ContractsJson.Default.RotateToken),
            await otherEdge.GetAsync(EdgeRoutes.Bundle + "1"),
        ];
        Assert.All(refused, response => Assert.Equal(HttpStatusCode.NotFound, response.StatusCode));
        Assert.Single(await _organization.GetAsync(ApiRoutes.KillSwitches, ContractsJson.Default.IReadOnlyListKillSwitchInfo));
    }

    [Fact]
    public async Task Bundle_PushedAndChanged_GetsVersionsDiffAndIsSignedForTheEdge()
    {
        await using var edge = await _organization.ConnectEdgeAsync("e1");
        using var first = await _organization.PushAsync(TestBundles.Yaml(), "?message=hello");
        var one = (await first.Content.ReadFromJsonAsync(ContractsJson.Default.BundleInfo))!;
        using var same = await _organization.PushAsync(TestBundles.Yaml());
        using var dry = await _organization.PushAsync(TestBundles.Yaml(burst: 20), "?dry_run=true");
        using var lost = await _organization.PushAsync(TestBundles.Yaml(burst: 20), "?expected_version=0");
        using var second = await _organization.PushAsync(TestBundles.Yaml(burst: 20), "?expected_version=1");
        var two = (await second.Content.ReadFromJsonAsync(ContractsJson.Default.BundleInfo))!;

        Assert.Equal((HttpStatusCode.Created, 1L, "hello", 1), (first.StatusCode, one.Version, one.Message, one.Edges));
        Assert.Equal(HttpStatusCode.OK, same.StatusCode);
        Assert.Equal(HttpStatusCode.OK, dry.StatusCode);
        Assert.NotEmpty((await dry.Content.ReadFromJsonAsync(ContractsJson.Default.BundleInfo))!.Changes);
        Assert.Equal(HttpStatusCode.PreconditionFailed, lost.StatusCode);
        Assert.Equal((HttpStatusCode.Created, 2L), (second.StatusCode, two.Version));
        await edge.Events.WaitForAsync(item => item.EventType == StreamEvents.Bundle && item.Data.Contains(two.Digest, StringComparison.Ordinal));

        using var fetched = await edge.Client.GetAsync(EdgeRoutes.Bundle + "2");
        var signed = edge.Verify(await fetched.Content.ReadAsStringAsync(), DocumentType.Bundle);
        Assert.Equal(2, signed.Header!.Sequence);
        Assert.Equal(two.Digest, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(signed.Payload!)));
        using var again = new HttpRequestMessage(HttpMethod.Get, EdgeRoutes.Bundle + "2");
        again.Headers.IfNoneMatch.Add(fetched.Headers.ETag!);
        using var unchanged = await edge.Client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        Assert.Equal([2, 1], (await _organization.GetAsync(ApiRoutes.Bundles, ContractsJson.Default.IReadOnlyListBundleInfo)).Select(info => info.Version));
        using var current = await _organization.Client.GetAsync(ApiRoutes.CurrentBundle);
        Assert.Equal("2", current.Headers.GetValues("X-EdgeGuard-Bundle-Version").Single());
    }

    [Fact]
    public async Task Bundle_WithErrorsOrFailingTests_IsRefusedWithEveryFindingAtItsPlace()
    {
        using var wrong = await _organization.PushAsync(TestBundles.Yaml().Replace("burst: 10", "burst: -1, colour: red", StringComparison.Ordinal));
        using var failing = await _organization.PushAsync(TestBundles.Yaml(tests: """
            tests:
              - name: refuses at once
                steps:
                  - {request: {path: /v1/x, headers: {x-api-key: a}}, expect: {verdict: reject}}
            """));

        var problem = (await wrong.Content.ReadFromJsonAsync(ContractsJson.Default.Problem))!;
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "EG6009"), (wrong.StatusCode, problem.Code));
        Assert.True(problem.Errors.Count(item => item.Severity == "error") >= 2);
        Assert.All(problem.Errors.Where(item => item.Severity == "error"), item => Assert.True(item.Line > 1, item.Message));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, failing.StatusCode);
        Assert.Contains((await failing.Content.ReadFromJsonAsync(ContractsJson.Default.Problem))!.Errors, item => item.Code.StartsWith("EG14", StringComparison.Ordinal) && item.Line > 1);
        Assert.Empty(await _organization.GetAsync(ApiRoutes.Bundles, ContractsJson.Default.IReadOnlyListBundleInfo));
    }

    [Fact]
    public async Task Bundle_ThatHasExpired_IsRefusedAndNotPublished()
    {
        var yaml = TestBundles.Yaml().Replace("policies:", "expires_at: 2020-01-01T00:00:00Z\npolicies:", StringComparison.Ordinal);

        using var dry = await _organization.PushAsync(yaml, "?dry_run=true");
        using var pushed = await _organization.PushAsync(yaml);
        var problem = (await pushed.Content.ReadFromJsonAsync(ContractsJson.Default.Problem))!;

        Assert.Equal(HttpStatusCode.UnprocessableEntity, dry.StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, pushed.StatusCode);
        Assert.Contains(problem.Errors, error => error is { Code: "EG6018", Path: "expires_at", Line: > 0 });
    }

    [Fact]
    public async Task KillSwitch_AddedListedAndRemoved_CountsAcknowledgementsOfConnectedEdges()
    {
        await using var edge = await _organization.ConnectEdgeAsync("e1");
        var added = await _organization.KillAsync("tenant-7", id: "ks-7", expires: TimeProvider.System.GetUtcNow().AddHours(1));
        await edge.AcknowledgeAsync(new Ack(StreamEvents.KillSwitches, 1, added.Sequence, Ack.Applied, []));

        var listed = Assert.Single(await _organization.GetAsync(ApiRoutes.KillSwitches, ContractsJson.Default.IReadOnlyListKillSwitchInfo));
        using var unreasoned = await _organization.Client.DeleteAsync(ApiRoutes.KillSwitches + "/ks-7");
        using var removed = await _organization.Client.DeleteAsync(ApiRoutes.KillSwitches + "/ks-7?reason=over");
        using var twice = await _organization.Client.DeleteAsync(ApiRoutes.KillSwitches + "/ks-7?reason=over");

        Assert.Equal(("ks-7", "tenant-7", "admin@acme.example", 429, 1, 1), (listed.Id, listed.ScopeValue, listed.Author, listed.Status, listed.AcknowledgedEdges, listed.ConnectedEdges));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, unreasoned.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, twice.StatusCode);
        await edge.Events.WaitForAsync(item => item.EventType == StreamEvents.KillSwitches && edge.Verify(item, DocumentType.KillSwitches).Header!.Sequence == added.Sequence + 1);
        Assert.Empty(await _organization.GetAsync(ApiRoutes.KillSwitches, ContractsJson.Default.IReadOnlyListKillSwitchInfo));
        Assert.Equal("tenant-8", (await _organization.KillAsync("tenant-8", id: "ks-7")).ScopeValue);
    }

    [Fact]
    public async Task KillSwitch_WithoutReasonOrWithBadScope_IsRefused()
    {
        using var unreasoned = await _organization.PostKillAsync("tenant-7", reason: " ");
        using var scope = await _organization.Client.PostAsJsonAsync(ApiRoutes.KillSwitches,
            new CreateKillSwitch("session:x", "v", null, "r", null, 418, null), ContractsJson.Default.CreateKillSwitch);
        using var past = await _organization.PostKillAsync("tenant-7", expires: TimeProvider.System.GetUtcNow().AddMinutes(-1));

        Assert.All(new[] { unreasoned, scope, past }, response => Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode));
        Assert.True((await scope.Content.ReadFromJsonAsync(ContractsJson.Default.Problem))!.Errors.Count >= 2);
    }

    [Fact]
    public async Task KillSwitch_Previewed_TellsPoliciesEdgesAndWarningsAndChangesNothing()
    {
        using var pushed = await _organization.PushAsync(TestBundles.Yaml());
        await _organization.CreateEdgeAsync("e1");

        using var response = await _organization.Client.PostAsJsonAsync(ApiRoutes.KillSwitchPreview,
            new CreateKillSwitch("header:user-agent", "curl", "/v1/orders", "r", null, null, null), ContractsJson.Default.CreateKillSwitch);
        var preview = (await response.Content.ReadFromJsonAsync(ContractsJson.Default.KillSwitchPreview))!;

        Assert.Equal((0, 1), (preview.ConnectedEdges, preview.OfflineEdges));
        Assert.Equal(["api"], preview.Policies);
        Assert.Contains(preview.Warnings, warning => warning.Contains("user-agent", StringComparison.Ordinal));
        Assert.Equal(1, (await _organization.GetAsync(ApiRoutes.Status, ContractsJson.Default.FleetStatus)).KillSequence);
    }

    [Fact]
    public async Task EdgeToken_Rotated_BothWorkDuringTheOverlap()
    {
        var first = await _organization.CreateEdgeAsync("e1");
        using var response = await _organization.Client.PostAsJsonAsync(ApiRoutes.Edges + "/e1/tokens", new RotateToken(600), ContractsJson.Default.RotateToken);
        var second = (await response.Content.ReadFromJsonAsync(ContractsJson.Default.EdgeCredentials))!;

        Assert.Null(second.SigningKey);
        foreach (var token in new[] { first.EdgeToken, second.EdgeToken })
        {
            await using var edge = new TestEdge(_plane, first with { EdgeToken = token });
            using var session = await edge.PostSessionAsync("e1");
            Assert.Equal(HttpStatusCode.OK, session.StatusCode);
        }

        Assert.Equal(2, Assert.Single(await _organization.GetAsync(ApiRoutes.Edges, ContractsJson.Default.IReadOnlyListEdgeInfo)).ValidTokens);
    }

    [Fact]
    public async Task Edge_OfATakenId_IsAConflict()
    {
        await _organization.CreateEdgeAsync("e1");
        using var response = await _organization.Client.PostAsJsonAsync(ApiRoutes.Edges, new CreateEdge("e1", null), ContractsJson.Default.CreateEdge);

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
    }

    [Fact]
    public async Task Telemetry_OfAnotherEdgeOrInvalid_IsRefused()
    {
        using var client = _plane.CreateClient((await _organization.CreateEdgeAsync("e1")).EdgeToken);
        var batch = new TelemetryBatch { EdgeId = "e2", Epoch = 1, Sequence = 1, FromUnixMilliseconds = 0, ToUnixMilliseconds = 1, Decisions = [], LatencyCounts = [] };

        using var foreign = await client.PostAsJsonAsync(EdgeRoutes.Telemetry, batch, ContractsJson.Default.TelemetryBatch);
        using var invalid = await client.PostAsJsonAsync(EdgeRoutes.Telemetry, batch with { EdgeId = "e1", LatencyCounts = [-1] }, ContractsJson.Default.TelemetryBatch);

        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, invalid.StatusCode);
    }
}
