using System.Net;
using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Edge.Bundles;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Edge.Proxy;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Identity;
using EdgeGuard.Options;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace EdgeGuard.Edge.Tests.Pipeline;

/// <summary>Headers that a policy believes from trusted proxies only, given as a plan.</summary>
public sealed class FactFillerTests
{
    private static readonly FactPlan Plan = new([new(DescriptorKind.TrustedHeader, "x-plan"), new(DescriptorKind.Header, "x-plan")]);

    private const string Tiers = """
        format: edgeguard/v1
        bundle_version: 1
        policies:
          - id: plans
            spec:
              selector: {pathPrefix: /}
              rules:
                - name: by-plan
                  limit_keys: ['ip:address']
                  algorithm: token_bucket
                  algorithm_config: {tokens_per_second: 1, burst: 1}
                  tiers: {by: 'header:x-plan', default: free, plans: {free: {burst: 1}, gold: {burst: 2}}}
        """;

    [Theory]
    [InlineData("127.0.0.1", "gold", "gold", "gold")]
    [InlineData("::ffff:127.0.0.1", "gold", "gold", "gold")]
    [InlineData("192.0.2.1", "gold", "Missing", "Missing")]
    [InlineData("127.0.0.1", "gold|free", "Unverifiable", "gold")]
    public async Task TrustedHeader_CountsFromATrustedProxyOnly(string peer, string values, string trusted, string plain)
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.Open(), Trusting);
        var scratch = new RequestScratch();
        Assert.True(scratch.TryRead(new OriginalRequest("GET", "api.test", "/")));
        edge.Host.Services.GetRequiredService<FactFiller>().Fill(new HttpContextHead(Request(peer, values)), "api.test", Plan, default, scratch);

        Assert.Equal(trusted, Shown(scratch.Facts, 0));
        Assert.Equal(plain, Shown(scratch.Facts, 1));
    }

    [Theory]
    [InlineData("127.0.0.1", "gold")]
    [InlineData("192.0.2.1", "")]
    public async Task TrustedHeader_OfAStranger_IsNotPassedOn(string peer, string kept)
    {
        await using var edge = await EdgeUnderTest.StartAsync(Tiers, Trusting);
        var context = Request(peer, "gold");
        context.Request.Headers["X_Plan"] = "twin";
        edge.Host.Services.GetRequiredService<HeaderHygiene>().Clean(context, edge.Host.Services.GetRequiredService<SnapshotHolder>().Current);

        Assert.Equal(kept, context.Request.Headers["x-plan"].ToString());
        Assert.False(context.Request.Headers.ContainsKey("X_Plan"));
    }

    private static EdgeOptions Trusting(EdgeOptions options) => options with { TrustedProxies = ["127.0.0.0/8"] };

    private static DefaultHttpContext Request(string peer, string values)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(peer);
        context.Request.Headers["X-Plan"] = new StringValues(values.Split('|'));
        return context;
    }

    private static string Shown(FactSet facts, int slot) =>
        facts.StateOf(slot) == FactState.Present ? Encoding.UTF8.GetString(facts.ValueOf(slot)) : facts.StateOf(slot).ToString();
}
