using System.Net;
using System.Text.Json;
using EdgeGuard.Edge.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace EdgeGuard.Edge.Tests.Tracing;

public sealed class RequestTracingTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string Valid = $"00-{Trace}-b7ad6b7169203331-01";
    private const string IdHeader = "X-EdgeGuard-Decision-Id";

    [Fact]
    public async Task EveryAnswer_OfBothDoors_CarriesAnIdOfItsOwn()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey(burst: 1));
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var target in (string[])["/v1/a", "/v1/a", "/v1/%2f", "/elsewhere"])
        {
            foreach (var response in new[] { await edge.GetAsync(target, ("x-api-key", "a")), await edge.DecideAsync(target, ("x-api-key", "a")) })
            {
                var id = Assert.Single(response.Headers.GetValues(IdHeader));
                Assert.Matches("^[0-9a-f]{32}$", id);
                Assert.True(ids.Add(id));
                if (!response.IsSuccessStatusCode)
                {
                    using var problem = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
                    Assert.Equal(id, problem.RootElement.GetProperty("decision_id").GetString());
                }

                response.Dispose();
            }
        }
    }

    [Fact]
    public async Task Id_CannotBeChosen_ByClientOrUpstream()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey());
        edge.Upstream.Answer = context =>
        {
            context.Response.Headers[IdHeader] = Trace;
            return Task.CompletedTask;
        };

        using var response = await edge.GetAsync("/v1/a", ("x-api-key", "a"), (IdHeader, Trace), ("traceparent", Valid));

        Assert.NotEqual(Trace, Assert.Single(response.Headers.GetValues(IdHeader)));
    }

    [Fact]
    public async Task Answer_OfAnUpstreamThatIsGone_CarriesTheId()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey());
        await edge.Upstream.DisposeAsync();

        using var response = await edge.GetAsync("/v1/a", ("x-api-key", "a"));

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Single(response.Headers.GetValues(IdHeader));
    }

    [Fact]
    public async Task Prefix_OfThePeer_NamesTheHeader()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey(), options => options with { HeaderPrefix = "X-Fairvisor-" });

        using var response = await edge.DecideAsync("/v1/a", ("x-api-key", "a"));

        Assert.NotNull(response.Header("X-Fairvisor-Decision-Id"));
    }

    [Fact]
    public async Task Upstream_OfAValidTrace_IsToldANewParentAndTheStateAsItCame()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey());

        (await edge.GetAsync("/v1/a", ("x-api-key", "a"), ("traceparent", Valid), ("tracestate", "one=1,two=2"))).Dispose();

        var headers = edge.Upstream.Received.Items[0].Headers;
        Assert.Matches($"^00-{Trace}-(?!b7ad6b7169203331)[0-9a-f]{{16}}-01$", headers["traceparent"]);
        Assert.Equal("one=1,two=2", headers["tracestate"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("00-zz")]
    [InlineData("00-00000000000000000000000000000000-b7ad6b7169203331-01")]
    [InlineData("ff-" + Trace + "-b7ad6b7169203331-01")]
    public async Task Upstream_OfNoValidTrace_IsToldANewOneWithoutTheState(string? parent)
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey());
        (string, string)[] given = parent is null ? [] : [("traceparent", parent)];

        (await edge.GetAsync("/v1/a", [("x-api-key", "a"), ("tracestate", "one=1"), .. given])).Dispose();

        var headers = edge.Upstream.Received.Items[0].Headers;
        Assert.Matches("^00-[0-9a-f]{32}-[0-9a-f]{16}-01$", headers["traceparent"]);
        Assert.DoesNotContain(Trace, headers["traceparent"], StringComparison.Ordinal);
        Assert.False(headers.ContainsKey("tracestate"));
    }

    [Fact]
    public async Task Upstream_OfARepeatedTraceparent_IsToldANewTrace()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey());

        (await edge.GetAsync("/v1/a", ("x-api-key", "a"), ("traceparent", Valid), ("traceparent", Valid))).Dispose();

        var parent = edge.Upstream.Received.Items[0].Headers["traceparent"];
        Assert.Matches("^00-[0-9a-f]{32}-[0-9a-f]{16}-01$", parent);
        Assert.DoesNotContain(Trace, parent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BegunTrace_WithSamplingOff_IsNotMarkedSampled()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey(), options => options with { TraceSamplePerMillion = 0 });

        (await edge.GetAsync("/v1/a", ("x-api-key", "a"))).Dispose();

        Assert.EndsWith("-00", edge.Upstream.Received.Items[0].Headers["traceparent"], StringComparison.Ordinal);
    }
}
