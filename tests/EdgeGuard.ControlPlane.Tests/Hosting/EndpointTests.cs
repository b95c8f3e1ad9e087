using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.Auth;
using EdgeGuard.ControlPlane.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace EdgeGuard.ControlPlane.Tests.Hosting;

public sealed partial class EndpointTests : IAsyncLifetime
{
    private TestControlPlane _plane = null!;

    public async ValueTask InitializeAsync() => _plane = await TestControlPlane.StartAsync();

    public ValueTask DisposeAsync() => _plane.DisposeAsync();

    [Fact]
    public void Endpoints_All_DeclareAnActionOfTheTable()
    {
        var endpoints = Routes();

        Assert.NotEmpty(endpoints);
        Assert.All(endpoints, endpoint =>
        {
            var access = endpoint.Metadata.GetMetadata<EndpointAccess>();
            Assert.True(access is not null, $"{endpoint.RoutePattern.RawText} declares no action");
            Assert.True(access.Action is ApiAction.ActAsEdge || RolePermissions.Table.ContainsKey(access.Action), $"{access.Action} is not in the table of roles");
        });
    }

    [Fact]
    public void Actions_All_AreInTheTable() =>
        Assert.All(Enum.GetValues<ApiAction>(), action => Assert.True(action is ApiAction.ActAsEdge || RolePermissions.Table.ContainsKey(action), action.ToString()));

    [Fact]
    public async Task Endpoints_WithoutCredential_Answer401WithProblemAndSecurityHeaders()
    {
        using var client = _plane.CreateClient(null);
        foreach (var endpoint in Routes())
        {
            foreach (var method in Methods(endpoint))
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), Path(endpoint));
                using var response = await client.SendAsync(request);
                Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
                Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
                Assert.Contains("max-age=31536000", response.Headers.GetValues("Strict-Transport-Security").Single(), StringComparison.Ordinal);
                Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
                Assert.Equal("DENY", response.Headers.GetValues("X-Frame-Options").Single());
                Assert.False(response.Headers.Contains("Server"));
            }
        }
    }

    [Fact]
    public async Task Endpoints_WithTheOtherKindOfToken_Answer403()
    {
        var organization = await _plane.CreateOrganizationAsync();
        using var edge = _plane.CreateClient((await organization.CreateEdgeAsync("e1")).EdgeToken);
        foreach (var endpoint in Routes())
        {
            var client = endpoint.Metadata.GetMetadata<EndpointAccess>()!.Action is ApiAction.ActAsEdge ? organization.Client : edge;
            foreach (var method in Methods(endpoint))
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), Path(endpoint));
                using var response = await client.SendAsync(request);
                Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
            }
        }
    }

    [Fact]
    public async Task OpenApi_Document_HasEveryEndpointAndNoOther()
    {
        var organization = await _plane.CreateOrganizationAsync();
        using var document = JsonDocument.Parse(await organization.Client.GetStringAsync(ApiRoutes.OpenApi));

        var documented = document.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}"))
            .Order(StringComparer.Ordinal);
        var served = Routes().Where(endpoint => endpoint.RoutePattern.RawText != ApiRoutes.OpenApi)
            .SelectMany(endpoint => Methods(endpoint).Select(method => $"{method} {Constraint().Replace(endpoint.RoutePattern.RawText!, "}")}"))
            .Order(StringComparer.Ordinal);
        Assert.Equal(served, documented);
        Assert.All(document.RootElement.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()), operation =>
        {
            Assert.True(operation.Value.TryGetProperty("summary", out _), operation.Value.ToString());
            Assert.True(operation.Value.GetProperty("responses").TryGetProperty("401", out _));
        });
    }

    [Fact]
    public async Task Request_Unusable_AnswersProblemsWithoutDetailsOfOurs()
    {
        var organization = await _plane.CreateOrganizationAsync();
        (HttpMethod Method, string Path, string? Body, HttpStatusCode Status, string Code)[] cases =
        [
            (HttpMethod.Get, "/nothing", null, HttpStatusCode.NotFound, "EG6003"),
            (HttpMethod.Patch, ApiRoutes.Edges, null, HttpStatusCode.MethodNotAllowed, "EG6016"),
            (HttpMethod.Post, ApiRoutes.Edges, "{", HttpStatusCode.BadRequest, "EG6004"),
            (HttpMethod.Post, ApiRoutes.Edges, "[]", HttpStatusCode.BadRequest, "EG6004"),
            (HttpMethod.Post, ApiRoutes.Edges, "{\"edge_id\":7}", HttpStatusCode.BadRequest, "EG6004"),
            (HttpMethod.Post, ApiRoutes.Edges, "{\"edge_id\":\"a\",\"edge_id\":\"b\"}", HttpStatusCode.BadRequest, "EG6004"),
            (HttpMethod.Post, ApiRoutes.Edges, "{\"edge_id\":\"a\",\"colour\":1,\"size\":2}", HttpStatusCode.BadRequest, "EG6004"),
            (HttpMethod.Post, ApiRoutes.Edges, "{\"edge_id\":\"A_B\"}", HttpStatusCode.BadRequest, "EG6004"),
            (HttpMethod.Post, ApiRoutes.Edges, "{\"edge_id\":\"a\",\"labels\":{\"\\ud800\":\"v\"}}", HttpStatusCode.BadRequest, "EG6004"),
            (HttpMethod.Post, ApiRoutes.Edges, "{\"\\ud800\":1}", HttpStatusCode.BadRequest, "EG6004"),
            (HttpMethod.Post, ApiRoutes.Bundles + "?dry_run=yes", "{\"format\":\"edgeguard/v1\",\"policies\":[]}", HttpStatusCode.BadRequest, "EG6004"),
            (HttpMethod.Post, ApiRoutes.Edges, new string(' ', 300_000) + "{}", HttpStatusCode.RequestEntityTooLarge, "EG6005"),
            (HttpMethod.Get, ApiRoutes.Audit + "?limit=x", null, HttpStatusCode.BadRequest, "EG6004"),
            (HttpMethod.Get, ApiRoutes.Audit + "?limit=0", null, HttpStatusCode.BadRequest, "EG6004"),
        ];
        foreach (var (method, path, body, status, code) in cases)
        {
            // Over HTTP/1.1 a refusal in the middle of a body ends the connection, and may end it before it has been read.
            using var request = new HttpRequestMessage(method, path) { Version = organization.Client.DefaultRequestVersion, VersionPolicy = organization.Client.DefaultVersionPolicy };
            request.Content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json");
            using var response = await organization.Client.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            Assert.True(response.StatusCode == status, $"{method} {path}: {(int)response.StatusCode} {text}");
            Assert.Contains(code, text, StringComparison.Ordinal);
            Assert.DoesNotContain("EdgeGuard.", text, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        }
    }

    private List<RouteEndpoint> Routes() =>
        [.. _plane.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    private static IReadOnlyList<string> Methods(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods;

    private static string Path(RouteEndpoint endpoint) =>
        Constraint().Replace(endpoint.RoutePattern.RawText!, "}").Replace("{version}", "1", StringComparison.Ordinal).Replace("{id}", "x", StringComparison.Ordinal);

    [GeneratedRegex(":[a-z]+}")]
    private static partial Regex Constraint();
}
