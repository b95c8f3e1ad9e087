using System.Net;
using System.Net.Http.Json;
using System.Text;
using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.Auth;
using EdgeGuard.ControlPlane.Data;
using EdgeGuard.ControlPlane.Orgs;

namespace EdgeGuard.ControlPlane.Tests.Support;

/// <summary>An organization of a test, with its administrator's client.</summary>
internal sealed class TestOrganization(TestControlPlane plane, NewOrganization created)
{
    public string Id => created.OrganizationId;

    public string UserId => created.UserId;

    public string Token => created.AccessToken;

    public HttpClient Client { get; } = plane.CreateClient(created.AccessToken);

    /// <summary>A client of a new user with a role.</summary>
    public async Task<HttpClient> ClientOfRoleAsync(string role)
    {
        var token = BearerToken.Create(BearerToken.UserPrefix);
        var userId = Guid.CreateVersion7().ToString("N");
        await plane.Get<Writer>().IngestAsync(Id, Actor.System("test"), async (write, cancellation) =>
        {
            write.Rows.Users.Add(new UserRow
            {
                Id = userId,
                OrganizationId = Id,
                EmailCipher = plane.Get<ColumnProtector>().Protect(UserDirectory.EmailPlace(userId), Id, role + "@acme.example"),
                EmailIndex = userId,
                Role = role,
                CreatedAt = write.Now,
            });
            await write.Rows.SaveChangesAsync(cancellation);
            write.Rows.AccessTokens.Add(new AccessTokenRow
            {
                Id = userId,
                OrganizationId = Id,
                UserId = userId,
                TokenHash = BearerToken.Hash(token),
                CreatedAt = write.Now,
            });
            return true;
        }, CancellationToken.None);
        return plane.CreateClient(token);
    }

    public async Task<EdgeCredentials> CreateEdgeAsync(string edgeId)
    {
        using var response = await Client.PostAsJsonAsync(ApiRoutes.Edges, new CreateEdge(edgeId, null), ContractsJson.Default.CreateEdge);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync(ContractsJson.Default.EdgeCredentials))!;
    }

    public async Task<TestEdge> ConnectEdgeAsync(string edgeId)
    {
        var edge = new TestEdge(plane, await CreateEdgeAsync(edgeId));
        await edge.ConnectAsync();
        return edge;
    }

    public async Task<KillSwitchInfo> KillAsync(string value, string? id = null, DateTimeOffset? expires = null)
    {
        using var response = await PostKillAsync(value, id, expires);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync(ContractsJson.Default.KillSwitchInfo))!;
    }

    public Task<HttpResponseMessage> PostKillAsync(string value, string? id = null, DateTimeOffset? expires = null, string reason = "incident 7") =>
        Client.PostAsJsonAsync(ApiRoutes.KillSwitches,
            new CreateKillSwitch("header:x-tenant", value, null, reason, expires, null, id), ContractsJson.Default.CreateKillSwitch);

    public async Task<HttpResponseMessage> PushAsync(string yaml, string query = "") =>
        await Client.PostAsync(ApiRoutes.Bundles + query, new StringContent(yaml, Encoding.UTF8, "application/yaml"));

    public async Task<T> GetAsync<T>(string path, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        (await Client.GetFromJsonAsync(path, type))!;
}
