using System.Net;
using System.Net.Http.Json;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Signing;
using EdgeGuard.Bundles.Validation;
using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.Auth;
using EdgeGuard.ControlPlane.Tests.Support;
using EdgeGuard.Testing;

namespace EdgeGuard.ControlPlane.Tests.Revocations;

/// <summary>Revocations from the API to the stream of an edge, on each database.</summary>
public abstract class RevocationTests(TestStorage storage) : IAsyncLifetime
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
    public async Task Added_ReachesTheEdgesAsTheWholeSet_AndRemovedLeavesIt()
    {
        await using var edge = await _organization.ConnectEdgeAsync("e1");
        var now = _plane.Time.GetUtcNow();

        var first = await AddAsync(_organization, Of("subject", "alice"));
        var second = await AddAsync(_organization, Of("token", "jti-1"));
        using var removed = await _organization.Client.DeleteAsync($"{ApiRoutes.Revocations}/{first.Id}?reason=mistake");

        var both = await SetAsync(edge, second.Sequence);
        Assert.Equal(["jti-1"], both.TokenIds);
        var entry = Assert.Single(both.TokensValidAfter);
        Assert.Equal((RevokedKind.Subject, "alice"), (entry.Kind, entry.Value));
        Assert.InRange(entry.Time, now, now.AddSeconds(30));
        Assert.Equal(0, entry.Time.Millisecond);
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        var rest = await SetAsync(edge, second.Sequence + 1);
        Assert.Empty(rest.TokensValidAfter);
        Assert.Equal(second.Id, Assert.Single(await ListAsync(_organization)).Id);
    }

    [Fact]
    public async Task Acknowledgements_AreCounted()
    {
        await using var edge = await _organization.ConnectEdgeAsync("e1");
        var made = await AddAsync(_organization, Of("organization", "customer-1"));

        await edge.AcknowledgeAsync(new Ack(StreamEvents.Revocations, 1, made.Sequence, Ack.Applied, []));

        var info = Assert.Single(await ListAsync(_organization));
        Assert.Equal((1, 1), (info.AcknowledgedEdges, info.ConnectedEdges));
    }

    [Fact]
    public async Task One_IsOneEventOnEachStream()
    {
        await using var one = await _organization.ConnectEdgeAsync("e1");
        await using var two = await _organization.ConnectEdgeAsync("e2");
        var made = new List<RevocationInfo>();
        foreach (var number in Enumerable.Range(0, 4))
        {
            made.Add(await AddAsync(_organization, Of("token", $"jti-{number}")));

            // Taken one by one, so that no two of them are sent as the one newest set.
            await SetAsync(one, made[^1].Sequence);
            await SetAsync(two, made[^1].Sequence);
        }

        // What comes after the last of them on each stream: nothing of them is still under way then.
        var kill = await _organization.KillAsync("tenant-7");
        foreach (var edge in new[] { one, two })
        {
            await edge.Events.WaitForAsync(
                item => item.EventType == StreamEvents.KillSwitches && edge.Verify(item, DocumentType.KillSwitches).Header!.Sequence == kill.Sequence, "the kill switch");
            var sequences = edge.Events.Items.Where(item => item.EventType == StreamEvents.Revocations)
                .Select(item => edge.Verify(item, DocumentType.Revocations).Header!.Sequence).ToList();
            Assert.Equal([made[0].Sequence - 1, .. made.Select(info => info.Sequence)], sequences);
        }
    }

    [Fact]
    public async Task Expired_IsNotListed_AndLeavesTheSetWithTheNextChange()
    {
        var time = new TestTimeProvider();
        await using var plane = await TestControlPlane.StartAsync(storage, time);
        var organization = await plane.CreateOrganizationAsync();
        await AddAsync(organization, Of("token", "short") with { ExpiresAt = time.GetUtcNow().AddMinutes(5) });

        time.Advance(TimeSpan.FromMinutes(6));
        Assert.Empty(await ListAsync(organization));
        await AddAsync(organization, Of("token", "next"));

        await using var rows = plane.Rows(organization.Id);
        Assert.Single(rows.Revocations.Where(row => row.RemovedBy == "system:expiry"));
        Assert.Single(rows.Revocations.Where(row => row.RemovedAt == null));
    }

    [Fact]
    public async Task Organizations_Two_SeeAndTouchNothingOfEachOther()
    {
        var other = await _plane.CreateOrganizationAsync("globex");
        var made = await AddAsync(_organization, Of("subject", "alice"));

        using var removed = await other.Client.DeleteAsync($"{ApiRoutes.Revocations}/{made.Id}?reason=x");

        Assert.Equal(HttpStatusCode.NotFound, removed.StatusCode);
        Assert.Empty(await ListAsync(other));
        Assert.Single(await ListAsync(_organization));
    }

    [Theory]
    [InlineData(nameof(Role.Viewer), false)]
    [InlineData(nameof(Role.Operator), true)]
    public async Task Roles_OperatorsRevoke_OthersOnlyRead(string name, bool may)
    {
        using var client = await _organization.ClientOfRoleAsync(name);

        using var listed = await client.GetAsync(ApiRoutes.Revocations);
        using var made = await client.PostAsJsonAsync(ApiRoutes.Revocations, Of("subject", "alice"), ContractsJson.Default.CreateRevocation);

        Assert.Equal(HttpStatusCode.OK, listed.StatusCode);
        Assert.Equal(may ? HttpStatusCode.Created : HttpStatusCode.Forbidden, made.StatusCode);
    }

    [Fact]
    public async Task Wrong_IsRefused()
    {
        var now = _plane.Time.GetUtcNow();
        CreateRevocation[] wrong =
        [
            Of("user", "alice"),
            Of("subject", string.Empty),
            Of("subject", "alice") with { Reason = " " },
            Of("subject", "alice") with { Time = now.AddHours(1) },
            Of("token", "t") with { Time = now },
            Of("token", "t") with { ExpiresAt = now.AddHours(-1) },
        ];
        foreach (var request in wrong)
        {
            using var response = await _organization.Client.PostAsJsonAsync(ApiRoutes.Revocations, request, ContractsJson.Default.CreateRevocation);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
            Assert.Equal("EG6031", (await response.Content.ReadFromJsonAsync(ContractsJson.Default.Problem))!.Code);
        }
    }

    [Fact]
    public async Task Values_AreEncryptedAtRest_AndNotLogged()
    {
        await AddAsync(_organization, Of("subject", "alice-the-subject"));

        await using var rows = _plane.Rows(_organization.Id);
        Assert.DoesNotContain("alice", rows.Revocations.Single().ValueCipher, StringComparison.Ordinal);
        Assert.DoesNotContain("alice-the-subject", _plane.Logs.Text, StringComparison.Ordinal);
        var audit = await _organization.GetAsync(ApiRoutes.Audit, ContractsJson.Default.IReadOnlyListAuditEntry);
        Assert.Equal("revocation.add", audit[0].Action);
        Assert.DoesNotContain("alice", audit[0].Subject, StringComparison.Ordinal);
    }

    private static CreateRevocation Of(string kind, string value) => new(kind, value, null, "incident 7", null);

    private static async Task<RevocationInfo> AddAsync(TestOrganization organization, CreateRevocation request)
    {
        using var response = await organization.Client.PostAsJsonAsync(ApiRoutes.Revocations, request, ContractsJson.Default.CreateRevocation);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync(ContractsJson.Default.RevocationInfo))!;
    }

    private static Task<IReadOnlyList<RevocationInfo>> ListAsync(TestOrganization organization) =>
        organization.GetAsync(ApiRoutes.Revocations, ContractsJson.Default.IReadOnlyListRevocationInfo);

    private static async Task<RevocationsDefinition> SetAsync(TestEdge edge, long sequence)
    {
        var item = await edge.Events.WaitForAsync(
            next => next.EventType == StreamEvents.Revocations && edge.Verify(next, DocumentType.Revocations).Header!.Sequence == sequence, $"set {sequence}");
        var (set, problems) = BundleReader.ReadRevocations(edge.Verify(item, DocumentType.Revocations).Payload, "set");
        Assert.Empty(problems);
        return set;
    }
}
