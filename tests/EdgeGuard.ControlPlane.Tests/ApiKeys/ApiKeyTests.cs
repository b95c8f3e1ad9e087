using System.Net;
using System.Net.Http.Json;
using System.Text;
using EdgeGuard.Bundles.Keys;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Signing;
using EdgeGuard.Bundles.Validation;
using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.Auth;
using EdgeGuard.ControlPlane.Tests.Support;

namespace EdgeGuard.ControlPlane.Tests.ApiKeys;

/// <summary>API keys from the API to the stream of an edge, on each database.</summary>
public abstract class ApiKeyTests(TestStorage storage) : IAsyncLifetime
{
    private static readonly CreateApiKey Secret = new("secret", "customer-1", null, "gold", ["read"], null, null, null, null, null);

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
    public async Task Created_ReachesTheEdgesByDigest_AndIsNeitherKeptNorLogged()
    {
        await using var edge = await _organization.ConnectEdgeAsync("e1");

        var made = await CreateAsync(_organization, Secret);

        Assert.True(ApiKeyText.IsWellFormed(made.Value));
        Assert.StartsWith("sk_live_", made.Value, StringComparison.Ordinal);
        var key = Assert.Single((await SetAsync(edge, made.Key.Sequence)).Keys);
        Assert.Equal((made.Key.Id, ApiKeyText.DigestText(made.Value), "customer-1", "gold"), (key.Id, key.Sha256, key.Organization, key.Plan));
        Assert.NotNull(key.NotBefore);
        var listed = Assert.Single(await ListAsync(_organization));
        Assert.Equal((ApiKeyInfo.Active, "admin@acme.example", 1), (listed.State, listed.Author, listed.ConnectedEdges));
        await AssertUnknownAsync(made.Value);
    }

    [Fact]
    public async Task Acknowledgements_AreCounted()
    {
        await using var edge = await _organization.ConnectEdgeAsync("e1");
        var made = await CreateAsync(_organization, Secret);
        Assert.Equal((0, 1), (made.Key.AcknowledgedEdges, made.Key.ConnectedEdges));

        await edge.AcknowledgeAsync(new Ack(StreamEvents.ApiKeys, 1, made.Key.Sequence, Ack.Applied, []));

        Assert.Equal(1, Assert.Single(await ListAsync(_organization)).AcknowledgedEdges);
    }

    [Fact]
    public async Task Rotated_BothAreThereDuringTheOverlap_AndOnlyOnce()
    {
        await using var edge = await _organization.ConnectEdgeAsync("e1");
        var old = await CreateAsync(_organization, Secret);

        using var response = await RotateAsync(_organization, old.Key.Id, 3600);
        var made = (await response.Content.ReadFromJsonAsync(ContractsJson.Default.NewApiKey))!;
        using var again = await RotateAsync(_organization, old.Key.Id, 3600);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        Assert.Equal((old.Key.Id, "customer-1", "gold"), (made.Key.Replaces, made.Key.Organization, made.Key.Plan));
        var set = await SetAsync(edge, made.Key.Sequence);
        Assert.Equal(
            [(old.Key.Id, ApiKeyText.DigestText(old.Value)), (made.Key.Id, ApiKeyText.DigestText(made.Value))],
            set.Keys.Select(key => (key.Id, key.Sha256)));
        Assert.Equal(made.PreviousExpiresAt, set.Keys[0].ExpiresAt);
        Assert.InRange(made.PreviousExpiresAt!.Value - _plane.Time.GetUtcNow(), TimeSpan.FromMinutes(58), TimeSpan.FromMinutes(60));
        Assert.Null(set.Keys[1].ExpiresAt);
        Assert.Equal([ApiKeyInfo.Ending, ApiKeyInfo.Active], (await ListAsync(_organization)).Select(key => key.State));
    }

    [Fact]
    public async Task Rotated_WithoutOverlap_LeavesAValidSet()
    {
        await using var edge = await _organization.ConnectEdgeAsync("e1");
        var old = await CreateAsync(_organization, Secret);

        using var response = await RotateAsync(_organization, old.Key.Id, 0);
        var made = (await response.Content.ReadFromJsonAsync(ContractsJson.Default.NewApiKey))!;

        var set = await SetAsync(edge, made.Key.Sequence);
        Assert.Contains(set.Keys, key => key.Id == made.Key.Id);
    }

    [Fact]
    public async Task Revoked_LeavesTheSetAndIsVoidByARevocation()
    {
        await using var edge = await _organization.ConnectEdgeAsync("e1");
        var made = await CreateAsync(_organization, Secret);

        using var without = await _organization.Client.DeleteAsync($"{ApiRoutes.ApiKeys}/{made.Key.Id}");
        using var revoked = await _organization.Client.DeleteAsync($"{ApiRoutes.ApiKeys}/{made.Key.Id}?reason=leaked");
        using var again = await _organization.Client.DeleteAsync($"{ApiRoutes.ApiKeys}/{made.Key.Id}?reason=leaked");

        Assert.Equal(
            (HttpStatusCode.UnprocessableEntity, HttpStatusCode.NoContent, HttpStatusCode.NotFound), (without.StatusCode, revoked.StatusCode, again.StatusCode));
        Assert.Empty((await SetAsync(edge, made.Key.Sequence + 1)).Keys);
        var item = await edge.Events.WaitForAsync(
            next => next.EventType == StreamEvents.Revocations && Encoding.UTF8.GetString(edge.Verify(next, DocumentType.Revocations).Payload!).Contains(made.Key.Id, StringComparison.Ordinal));
        var (revocations, problems) = BundleReader.ReadRevocations(edge.Verify(item, DocumentType.Revocations).Payload, "set");
        Assert.Empty(problems);
        var entry = Assert.Single(revocations.TokensValidAfter);
        Assert.Equal((RevokedKind.Key, made.Key.Id), (entry.Kind, entry.Value));
        Assert.True(entry.Time > made.Key.NotBefore);
        Assert.Empty(await ListAsync(_organization));
        var history = Assert.Single(await ListAsync(_organization, "?all=true"));
        Assert.Equal(ApiKeyInfo.Revoked, history.State);
        Assert.NotNull(history.RevokedAt);
    }

    [Fact]
    public async Task Organizations_Two_SeeAndTouchNoKeyOfEachOther()
    {
        var other = await _plane.CreateOrganizationAsync("globex");
        await using var otherEdge = await other.ConnectEdgeAsync("g1");
        var made = await CreateAsync(_organization, Secret);
        var theirs = await CreateAsync(other, Secret);

        using var rotated = await RotateAsync(other, made.Key.Id, 60);
        using var revoked = await other.Client.DeleteAsync($"{ApiRoutes.ApiKeys}/{made.Key.Id}?reason=x");

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (rotated.StatusCode, revoked.StatusCode));
        Assert.Equal(theirs.Key.Id, Assert.Single(await ListAsync(other)).Id);
        Assert.Equal(theirs.Key.Id, Assert.Single((await SetAsync(otherEdge, theirs.Key.Sequence)).Keys).Id);
        Assert.Equal(made.Key.Id, Assert.Single(await ListAsync(_organization)).Id);
    }

    [Theory]
    [InlineData(nameof(Role.Viewer), false)]
    [InlineData(nameof(Role.Editor), false)]
    [InlineData(nameof(Role.Operator), true)]
    public async Task Roles_OperatorsMakeKeys_OthersOnlyRead(string name, bool may)
    {
        using var client = await _organization.ClientOfRoleAsync(name);

        using var listed = await client.GetAsync(ApiRoutes.ApiKeys);
        using var made = await client.PostAsJsonAsync(ApiRoutes.ApiKeys, Secret, ContractsJson.Default.CreateApiKey);

        Assert.Equal(HttpStatusCode.OK, listed.StatusCode);
        Assert.Equal(may ? HttpStatusCode.Created : HttpStatusCode.Forbidden, made.StatusCode);
    }

    [Fact]
    public async Task Wrong_IsRefusedWithEveryFinding()
    {
        CreateApiKey[] wrong =
        [
            Secret with { Kind = "admin" },
            Secret with { Environment = "prod" },
            Secret with { Organization = string.Empty },
            Secret with { AllowedOrigins = ["https://a.test"] },
            Secret with { Kind = "publishable" },
            Secret with { Kind = "publishable", AllowedOrigins = ["https://a.test/x"] },
            Secret with { ExpiresAt = DateTimeOffset.UnixEpoch },
            Secret with { AllowedPaths = ["no-slash"] },
        ];
        foreach (var request in wrong)
        {
            using var response = await _organization.Client.PostAsJsonAsync(ApiRoutes.ApiKeys, request, ContractsJson.Default.CreateApiKey);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
            var problem = (await response.Content.ReadFromJsonAsync(ContractsJson.Default.Problem))!;
            Assert.Equal("EG6030", problem.Code);
            Assert.NotEmpty(problem.Errors);
        }

        Assert.Empty(await ListAsync(_organization, "?all=true"));
    }

    [Fact]
    public async Task Acts_AreAudited_WithoutTheValue()
    {
        var made = await CreateAsync(_organization, Secret);
        using var rotated = await RotateAsync(_organization, made.Key.Id, 60);
        using var revoked = await _organization.Client.DeleteAsync($"{ApiRoutes.ApiKeys}/{made.Key.Id}?reason=leaked");

        var audit = await _organization.GetAsync(ApiRoutes.Audit, ContractsJson.Default.IReadOnlyListAuditEntry);

        Assert.Equal(
            ["revocation.add", "api_key.revoke", "api_key.rotate", "api_key.create"],
            audit.Take(4).Select(entry => entry.Action));
        Assert.Equal("api_key:" + made.Key.Id, audit[3].Subject);
        Assert.DoesNotContain(audit, entry => $"{entry.Before}{entry.After}".Contains(made.Value[8..], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Set_AfterRestartAndReconnect_IsTheSameBytesForTheSameSequence()
    {
        var made = await CreateAsync(_organization, Secret);
        var credentials = await _organization.CreateEdgeAsync("e1");
        byte[] before;
        await using (var edge = new TestEdge(_plane, credentials))
        {
            await edge.ConnectAsync();
            before = (await SetAsync(edge, made.Key.Sequence)).Payload;
        }

        await _plane.StartAgainAsync();

        await using var again = new TestEdge(_plane, credentials);
        await again.ConnectAsync();
        Assert.Equal(before, (await SetAsync(again, made.Key.Sequence)).Payload);
    }

    private static async Task<NewApiKey> CreateAsync(TestOrganization organization, CreateApiKey request)
    {
        using var response = await organization.Client.PostAsJsonAsync(ApiRoutes.ApiKeys, request, ContractsJson.Default.CreateApiKey);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.True(response.Headers.CacheControl?.NoStore);
        return (await response.Content.ReadFromJsonAsync(ContractsJson.Default.NewApiKey))!;
    }

    private static Task<HttpResponseMessage> RotateAsync(TestOrganization organization, string id, int overlap) => organization.Client.PostAsJsonAsync(
        $"{ApiRoutes.ApiKeys}/{id}{ApiRoutes.ApiKeyRotations}", new RotateApiKey(overlap), ContractsJson.Default.RotateApiKey);

    private static Task<IReadOnlyList<ApiKeyInfo>> ListAsync(TestOrganization organization, string query = "") =>
        organization.GetAsync(ApiRoutes.ApiKeys + query, ContractsJson.Default.IReadOnlyListApiKeyInfo);

    private static async Task<(ApiKeyDefinition[] Keys, byte[] Payload)> SetAsync(TestEdge edge, long sequence)
    {
        var item = await edge.Events.WaitForAsync(
            next => next.EventType == StreamEvents.ApiKeys && edge.Verify(next, DocumentType.ApiKeys).Header!.Sequence == sequence, $"keys {sequence}");
        var payload = edge.Verify(item, DocumentType.ApiKeys).Payload!;
        var (keys, problems) = BundleReader.ReadApiKeys(payload, "set");
        Assert.Empty(problems);
        return ([.. keys], payload);
    }

    private async Task AssertUnknownAsync(string value)
    {
        await using var rows = _plane.Rows(_organization.Id);
        var row = rows.ApiKeys.Single();
        Assert.Equal(32, row.KeyHash.Length);
        Assert.DoesNotContain(value[8..], row.DefinitionCipher, StringComparison.Ordinal);
        Assert.DoesNotContain(value[8..], _plane.Logs.Text, StringComparison.Ordinal);
    }
}
