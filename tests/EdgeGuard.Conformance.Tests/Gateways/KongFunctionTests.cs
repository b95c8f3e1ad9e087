using System.Net;
using System.Text;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Conformance.Tests.Cases;
using EdgeGuard.Conformance.Tests.Doors;
using EdgeGuard.Testing;

namespace EdgeGuard.Conformance.Tests.Gateways;

/// <summary>The function that is shipped for Kong, run by nginx's Lua with the few calls of Kong that it makes: what clients and applications see.</summary>
public sealed class KongFunctionTests
{
    private static readonly string Obstacle = GatewayProgram.Obstacle(Door.NginxLua);

    [Fact]
    public async Task Function_AsShipped_AnswersAsTheEdgeDecides()
    {
        Assert.SkipUnless(Obstacle.Length == 0, Obstacle);
        await using var edge = await CaseEdge.StartAsync(trusted: true);
        Assert.DoesNotContain(await edge.ActivateAsync(Encoding.UTF8.GetBytes(GatewayTests.Bundle)), problem => problem.Severity == Severity.Error);
        edge.Upstream.Record = true;
        await using var kong = await StartAsync(new Uri(edge.DecisionAddress).Authority, edge.Upstream.Address);
        try
        {
            await GatewayTests.LimitsAreToldAsync(kong.Client);
            await GatewayTests.RefusalsKeepStatusAndReasonAsync(kong.Client, edge);
            await GatewayTests.ShadowsRefuseNothingAsync(kong.Client);
            await GatewayTests.IdentityComesFromTheEdgeOnlyAsync(kong.Client, edge);
            using var told = await GatewayTests.SendAsync(kong.Client, "/known/a", ("X-Forwarded-Uri", "/any"), ("X-Forwarded-Method", "GET"));
            Assert.Equal(HttpStatusCode.Unauthorized, told.StatusCode);
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"{failure.Message}\n{kong.Said}", failure);
        }
    }

    [Theory]
    [InlineData(false, HttpStatusCode.ServiceUnavailable, 0)]
    [InlineData(true, HttpStatusCode.OK, 1)]
    public async Task Function_WithoutAnEdge_Refuses_UnlessItIsOpenedAsThePageSays(bool opened, HttpStatusCode status, int forwarded)
    {
        Assert.SkipUnless(Obstacle.Length == 0, Obstacle);
        await using var upstream = await FakeUpstream.StartAsync();
        using var nobody = new ReservedPort();
        var blocks = GatewayTests.Blocks("kong.md");
        await using var kong = await StartAsync($"127.0.0.1:{nobody.Number}", upstream.Address, text =>
        {
            Assert.Contains(blocks[0].Trim(), text, StringComparison.Ordinal);
            return opened ? text.Replace(blocks[0].Trim(), blocks[1].Trim(), StringComparison.Ordinal) : text;
        });
        using var answer = await kong.Client.GetAsync(new Uri("/", UriKind.Relative));

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(forwarded, upstream.Count);
    }

    private static Task<RunningGateway> StartAsync(string edge, Uri application, Func<string, string>? change = null) => RunningGateway.StartAsync("Kong's function", (folder, port) =>
    {
        var settings = YamlJson.Read(RepositoryRoot.Combine("deploy", "gateways", "kong", "kong.yaml"))[0]["plugins"]![0]!;
        Assert.Equal("pre-function", (string)settings["name"]!);
        var text = (string)settings["config"]!["access"]![0]!;
        folder.Write("function.lua", (change?.Invoke(text) ?? text).Replace("127.0.0.1:8081", edge, StringComparison.Ordinal));

        // Kong compiles a function once, and what that gives is called for each request.
        folder.Write("access.lua", $"""
            package.loaded.shipped = package.loaded.shipped or assert(loadfile("{folder.Combine("function.lua")}"))()
            package.loaded.shipped()
            """);
        return GatewayProgram.StartNginxLua(folder, $$"""
            init_by_lua_file {{RepositoryRoot.Combine("tests", "EdgeGuard.Conformance.Tests", "Gateways", "kong-shim.lua")}};
            server {
                listen 127.0.0.1:{{port}};
                location / {
                    access_by_lua_file {{folder.Combine("access.lua")}};
                    proxy_set_header Host $http_host;
                    proxy_set_header Connection "";
                    proxy_http_version 1.1;
                    proxy_pass {{application.AbsoluteUri.TrimEnd('/')}};
                }
            }
            """);
    });
}
