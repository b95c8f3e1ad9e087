using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using EdgeGuard.Bundles.Signing;
using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.Auth;
using EdgeGuard.ControlPlane.Tests.Support;
using static EdgeGuard.ControlPlane.Tests.Leases.LedgerSamples;

namespace EdgeGuard.ControlPlane.Tests.Leases;

/// <summary>The endpoint as an edge calls it.</summary>
public sealed class LeaseEndpointTests : IAsyncLifetime
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
    public async Task Hello_IsAnsweredWithADocumentSignedForTheEdge_AndAReplayWithTheSame()
    {
        await using var edge = new TestEdge(_plane, await _organization.CreateEdgeAsync("e1"));

        var first = await ExchangeAsync(edge, Request(1));
        var again = await ExchangeAsync(edge, Request(1));

        Assert.Equal(Holder(1), first.Holder);
        Assert.False(first.Forfeit);
        Assert.Equal(first.Salt, again.Salt);
        Assert.Equal(LeaseLimits.SaltLength, System.Buffers.Text.Base64Url.DecodeFromChars(first.Salt).Length);
        Assert.Empty(again.Standing);
    }

    [Fact]
    public async Task Salt_IsTheSameForEdgesOfAnOrganization_AndAnotherForAnother()
    {
        var globex = await _plane.CreateOrganizationAsync("globex");
        await using var one = new TestEdge(_plane, await _organization.CreateEdgeAsync("e1"));
        await using var two = new TestEdge(_plane, await _organization.CreateEdgeAsync("e2"));
        await using var other = new TestEdge(_plane, await globex.CreateEdgeAsync("g1"));

        var salt = (await ExchangeAsync(one, Request(1))).Salt;

        Assert.Equal(salt, (await ExchangeAsync(two, Request(2))).Salt);
        Assert.NotEqual(salt, (await ExchangeAsync(other, Request(3))).Salt);
    }

    [Fact]
    public async Task Unknown_Budget_GetsNothing()
    {
        await using var edge = new TestEdge(_plane, await _organization.CreateEdgeAsync("e1"));

        var document = await ExchangeAsync(edge, Request(1, Report(wants: true)));

        Assert.Empty(document.Grants);
        Assert.Empty(document.Standing);
    }

    [Fact]
    public async Task Wrong_IsRefusedWhole()
    {
        await using var edge = new TestEdge(_plane, await _organization.CreateEdgeAsync("e1"));
        LeaseRequest[] wrong =
        [
            Request(1) with { Holder = "me" },
            Request(1) with { AppliedEpoch = -1 },
            Request(1, Report() with { Key = "alice" }),
            Request(1, Report(granted: -1)),
            Request(1, Report(spent: LeaseLimits.UnitsEnd)),
            Request(1, Report(), Report()),
            Request(1, [.. Enumerable.Range(0, LeaseLimits.MaxReports + 1).Select(second => Report(window: Hour + second))]),
        ];
        foreach (var request in wrong)
        {
            using var response = await PostAsync(edge, request);
            Assert.Equal((HttpStatusCode.BadRequest, "EG6033"), (response.StatusCode, (await response.Content.ReadFromJsonAsync(ContractsJson.Default.Problem))!.Code));
        }
    }

    [Theory]
    [InlineData("[]", HttpStatusCode.BadRequest)]
    [InlineData("{\"holder\":1}", HttpStatusCode.BadRequest)]
    [InlineData("{\"holder\":\"x\",\"extra\":true}", HttpStatusCode.BadRequest)]
    [InlineData("null", HttpStatusCode.BadRequest)]
    [InlineData("{", HttpStatusCode.BadRequest)]
    public async Task Garbage_IsRefused(string body, HttpStatusCode expected)
    {
        await using var edge = new TestEdge(_plane, await _organization.CreateEdgeAsync("e1"));
        using var response = await edge.Client.PostAsync(EdgeRoutes.Leases, new StringContent(body, Encoding.UTF8, "application/json"));

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task TooLarge_IsRefused()
    {
        await using var edge = new TestEdge(_plane, await _organization.CreateEdgeAsync("e1"));
        using var response = await edge.Client.PostAsync(
            EdgeRoutes.Leases, new StringContent("{\"holder\":\"" + new string('a', LeaseLimits.MaxBodyBytes) + "\"}", Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task Credentials_OfPeople_OpenNothingHere_AndThoseOfEdgesNoBudgets()
    {
        await using var edge = new TestEdge(_plane, await _organization.CreateEdgeAsync("e1"));
        using var viewer = await _organization.ClientOfRoleAsync(nameof(Role.Viewer));
        using var person = await _organization.Client.PostAsJsonAsync(EdgeRoutes.Leases, Request(1), ContractsJson.Default.LeaseRequest);
        using var read = await edge.Client.GetAsync(ApiRoutes.Budgets);
        using var viewed = await viewer.GetAsync(ApiRoutes.Budgets);

        Assert.Equal(HttpStatusCode.Forbidden, person.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, read.StatusCode);
        Assert.Equal(HttpStatusCode.OK, viewed.StatusCode);
    }

    [Fact]
    public async Task Epoch_BehindTheEdge_IsAConflict()
    {
        await using var edge = new TestEdge(_plane, await _organization.CreateEdgeAsync("e1"));
        using var response = await PostAsync(edge, Request(1) with { AppliedEpoch = 7 });

        Assert.Equal((HttpStatusCode.Conflict, "EG6034"), (response.StatusCode, (await response.Content.ReadFromJsonAsync(ContractsJson.Default.Problem))!.Code));
    }

    private static Task<HttpResponseMessage> PostAsync(TestEdge edge, LeaseRequest request) =>
        edge.Client.PostAsJsonAsync(EdgeRoutes.Leases, request, ContractsJson.Default.LeaseRequest);

    private static async Task<LeaseDocument> ExchangeAsync(TestEdge edge, LeaseRequest request)
    {
        using var response = await PostAsync(edge, request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var lease = (await response.Content.ReadFromJsonAsync(ContractsJson.Default.LeaseResponse))!.Lease;
        return JsonSerializer.Deserialize(edge.Verify(lease, DocumentType.Lease).Payload, ContractsJson.Default.LeaseDocument)!;
    }
}
