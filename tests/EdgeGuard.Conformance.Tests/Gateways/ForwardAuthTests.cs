using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Conformance.Tests.Doors;
using EdgeGuard.Testing;

namespace EdgeGuard.Conformance.Tests.Gateways;

/// <summary>The contracts of Traefik and APISIX with the shipped configuration, spoken to a real edge: what clients and applications see.</summary>
public sealed class ForwardAuthTests
{
    public static TheoryData<string> All => ["traefik", "apisix"];

    [Theory]
    [MemberData(nameof(All))]
    public async Task Gateway_ByItsContract_AnswersAsTheEdgeDecides(string name)
    {
        await using var edge = await CaseEdge.StartAsync(trusted: true);
        Assert.DoesNotContain(await edge.ActivateAsync(Encoding.UTF8.GetBytes(GatewayTests.Bundle)), problem => problem.Severity == Severity.Error);
        edge.Upstream.Record = true;
        using var client = Client(name, new Uri(edge.DecisionAddress), edge.Upstream.Address);

        await RefusalsAreToldAsync(client);
        await GatewayTests.RefusalsKeepStatusAndReasonAsync(client, edge);
        await GatewayTests.ShadowsRefuseNothingAsync(client);
        await GatewayTests.IdentityComesFromTheEdgeOnlyAsync(client, edge);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Gateway_ToldOfAnotherRequestByItsClient_IsAskedAboutTheTrueOne(string name)
    {
        await using var edge = await CaseEdge.StartAsync(trusted: true);
        Assert.DoesNotContain(await edge.ActivateAsync(Encoding.UTF8.GetBytes(GatewayTests.Bundle)), problem => problem.Severity == Severity.Error);
        using var client = Client(name, new Uri(edge.DecisionAddress), edge.Upstream.Address);
        using var answer = await GatewayTests.SendAsync(
            client, "/known/a", ("X-Forwarded-Uri", "/any"), ("X-Forwarded-Method", "GET"), ("X_Forwarded_Uri", "/any"), ("X-Original-URI", "/any"));

        Assert.Equal((HttpStatusCode.Unauthorized, "identity_required"), (answer.StatusCode, AnswerCheck.Header(answer, "X-EdgeGuard-Reason")));
    }

    [Theory]
    [InlineData("traefik", HttpStatusCode.InternalServerError)]
    [InlineData("apisix", HttpStatusCode.ServiceUnavailable)]
    public async Task Gateway_WithoutAnEdge_RefusesEverything(string name, HttpStatusCode status)
    {
        await using var upstream = await FakeUpstream.StartAsync();
        using var nobody = new ReservedPort();
        using var client = Client(name, new Uri($"http://127.0.0.1:{nobody.Number}"), upstream.Address);
        using var answer = await client.GetAsync(new Uri("/any", UriKind.Relative));

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(0, upstream.Count);
    }

    // On admitted requests neither gateway hands headers of the edge's answer to its client.
    private static async Task RefusalsAreToldAsync(HttpClient client)
    {
        using var first = await GatewayTests.SendAsync(client, "/limited/a?x=%2e", ("x-tenant", "a"));
        using var second = await GatewayTests.SendAsync(client, "/limited/a", ("x-tenant", "a"));
        using var third = await GatewayTests.SendAsync(client, "/limited/a", ("x-tenant", "a"));
        var problem = JsonNode.Parse(await third.Content.ReadAsStringAsync())!;

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests), (first.StatusCode, second.StatusCode, third.StatusCode));
        Assert.Equal("\"limited\";r=0;t=2", AnswerCheck.Header(third, "RateLimit"));
        Assert.Equal("1", AnswerCheck.Header(third, "Retry-After"));
        Assert.Equal("token_bucket_exceeded", AnswerCheck.Header(third, "X-EdgeGuard-Reason"));
        Assert.Equal("application/problem+json", AnswerCheck.Header(third, "Content-Type"));
        Assert.Equal((429, "token_bucket_exceeded"), ((int)problem["status"]!, (string)problem["reason"]!));
        Assert.Equal(AnswerCheck.Header(third, "X-EdgeGuard-Decision-Id"), (string)problem["decision_id"]!);
    }

    private static HttpClient Client(string name, Uri edge, Uri application) =>
        new(name == "traefik" ? new TraefikGateway(edge, application) : new ApisixGateway(edge, application))
        {
            BaseAddress = new Uri("http://api.test"),
            Timeout = Eventually.Generous,
        };
}
