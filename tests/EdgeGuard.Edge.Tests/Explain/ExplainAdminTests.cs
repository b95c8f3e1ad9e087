using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using EdgeGuard.Edge.Tests.Bundles;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Edge.Throttling;
using EdgeGuard.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGuard.Edge.Tests.Explain;

public sealed class ExplainAdminTests
{
    private const string Secret = "sk-very-secret-tenant";
    private const string IdHeader = "X-EdgeGuard-Decision-Id";

    private const string Two = """
        format: edgeguard/v1
        bundle_version: 1
        policies:
          - id: tight
            spec:
              selector: {pathPrefix: /v1/}
              rules:
                - name: short
                  limit_keys: ['header:x-api-key']
                  algorithm: token_bucket
                  algorithm_config: {tokens_per_second: 1, burst: 1}
                - name: long
                  limit_keys: ['header:x-api-key']
                  algorithm: token_bucket
                  algorithm_config: {tokens_per_second: 0.01, burst: 1}
                - name: others
                  limit_keys: ['header:x-api-key']
                  match: {'header:x-tier': gold}
                  algorithm: token_bucket
                  algorithm_config: {tokens_per_second: 1, burst: 1}
        """;

    [Fact]
    public async Task Refusal_AtEachDoor_IsToldStepByStep()
    {
        await using var edge = await EdgeUnderTest.StartAsync(Two);
        using var admin = AdminOf(edge);
        (await edge.GetAsync("/v1/a", ("x-api-key", Secret))).Dispose();
        foreach (var (door, response) in new[] { ("proxy", await edge.GetAsync("/v1/a", ("x-api-key", Secret))), ("decision", await edge.DecideAsync("/v1/a", ("x-api-key", Secret))) })
        {
            var text = await admin.GetStringAsync("/explain/" + response.Header(IdHeader));
            var story = JsonDocument.Parse(text).RootElement;

            Assert.Equal((door, "reject", "token_bucket_exceeded", 429), (Text(story, "door"), Text(story, "verdict"), Text(story, "reason"), story.GetProperty("status").GetInt32()));
            Assert.Equal("long", Text(story, "rule")); // Told is the one with the longest wait,
            Assert.Equal(1, story.GetProperty("first_denial").GetInt32()); // and here is the first that refuses.
            var steps = story.GetProperty("steps").EnumerateArray().ToArray();
            Assert.Equal(["short denied", "long denied", "others not_matched"], steps.Select(step => $"{Text(step, "rule")} {Text(step, "outcome")}"));
            Assert.Equal((1m, 0m, 0m), (steps[0].GetProperty("limit").GetDecimal(), steps[0].GetProperty("before").GetDecimal(), steps[0].GetProperty("after").GetDecimal()));
            Assert.Equal("the rule is for other requests: header:x-tier", Text(steps[2], "why"));
            Assert.Equal("present", Text(steps[0].GetProperty("descriptors")[0], "state"));
            Assert.Equal("missing", Text(steps[2].GetProperty("descriptors")[0], "state"));
            Assert.Equal(Text(steps[0].GetProperty("descriptors")[0], "value_hash"), Text(steps[1].GetProperty("descriptors")[0], "value_hash"));
            Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
            Assert.DoesNotContain("/v1/a", text, StringComparison.Ordinal);
            Assert.DoesNotContain("127.0.0.1", text, StringComparison.Ordinal);
            response.Dispose();
        }
    }

    [Fact]
    public async Task Trace_OfTheClient_IsLinkedAndNoKey()
    {
        const string Trace = "0af7651916cd43dd8448eb211c80319c";
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey(burst: 1));
        using var admin = AdminOf(edge);
        using var response = await edge.GetAsync("/v1/a", ("traceparent", $"00-{Trace}-b7ad6b7169203331-01"));

        var story = JsonDocument.Parse(await admin.GetStringAsync("/explain/" + response.Header(IdHeader))).RootElement;
        using var byTrace = await admin.GetAsync("/explain/" + Trace);

        Assert.Equal(Trace, Text(story.GetProperty("trace"), "trace_id"));
        Assert.Equal("b7ad6b7169203331", Text(story.GetProperty("trace"), "parent_span_id"));
        Assert.Equal("missing_denied", Text(story.GetProperty("steps")[0], "outcome"));
        Assert.Equal(HttpStatusCode.NotFound, byTrace.StatusCode);
    }

    [Fact]
    public async Task Refusals_ThatNoRuleGives_AreToldToo()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey(top: "kill_switches: [{id: stop-x, scope_key: 'header:x-tenant', scope_value: bad}]"));
        using var admin = AdminOf(edge);
        using var killed = await edge.GetAsync("/v1/a", ("x-tenant", "bad"));
        using var malformed = await edge.GetAsync("/v1/%2f");
        await edge.Upstream.DisposeAsync();
        using var gone = await edge.GetAsync("/v1/a", ("x-api-key", "a"));

        var stories = new List<JsonElement>();
        foreach (var response in new[] { killed, malformed, gone })
        {
            stories.Add(JsonDocument.Parse(await admin.GetStringAsync("/explain/" + response.Header(IdHeader))).RootElement);
        }

        Assert.Equal("stop-x", Text(stories[0].GetProperty("kill_switches"), "matched"));
        Assert.Equal(["kill_switch", "malformed_request", "upstream_unavailable"], stories.Select(story => Text(story, "reason")));
        Assert.All(stories, story => Assert.Equal(0, story.GetProperty("steps").GetArrayLength()));
    }

    [Fact]
    public async Task KilledWhileItWaited_NamesTheSwitchAsAnOrdinaryKill()
    {
        await using var edge = await EdgeUnderTest.StartAsync(FlowBundles.Staged());
        using var admin = AdminOf(edge);
        for (var i = 0; i < 2; i++)
        {
            (await edge.GetAsync("/v1/a", ("x-api-key", "a"))).Dispose();
        }

        var pending = edge.GetAsync("/v1/a", ("x-api-key", "a"));
        await Eventually.TrueAsync(() => edge.Host.Services.GetRequiredService<ThrottleGate>().Waiting == 1);
        edge.Kill("x-api-key", "a");
        using var waited = await pending.Within("the refusal");
        using var ordinary = await edge.GetAsync("/v1/a", ("x-api-key", "a"));

        var stories = new List<JsonElement>();
        foreach (var response in new[] { waited, ordinary })
        {
            stories.Add(JsonDocument.Parse(await admin.GetStringAsync("/explain/" + response.Header(IdHeader))).RootElement);
        }

        Assert.All(stories, story => Assert.Equal("kill_switch", Text(story, "reason")));
        Assert.False(string.IsNullOrEmpty(Text(stories[1].GetProperty("kill_switches"), "matched")));
        Assert.Equal(Text(stories[1].GetProperty("kill_switches"), "matched"), Text(stories[0].GetProperty("kill_switches"), "matched"));
        Assert.Equal(Text(stories[1], "summary"), Text(stories[0], "summary"));
    }

    [Fact]
    public async Task Allow_AfterRecordAll_IsToldWithItsNumbers()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey(), options => options with { Explain = options.Explain with { SampleAllowsPerMillion = 0 } });
        using var admin = AdminOf(edge);
        using var before = await edge.GetAsync("/v1/a", ("x-api-key", "a"));
        using var ordered = await admin.PostAsync("/explain/record-all?for=60s", null);
        using var after = await edge.GetAsync("/v1/a", ("x-api-key", "a"));

        using var unknown = await admin.GetAsync("/explain/" + before.Header(IdHeader));
        var problem = JsonDocument.Parse(await unknown.Content.ReadAsStringAsync()).RootElement;
        var step = JsonDocument.Parse(await admin.GetStringAsync("/explain/" + after.Header(IdHeader))).RootElement.GetProperty("steps")[0];

        Assert.Equal(HttpStatusCode.OK, ordered.StatusCode);
        Assert.Equal((HttpStatusCode.NotFound, "EG3295"), (unknown.StatusCode, Text(problem, "code")));
        Assert.Contains("15 min", Text(problem, "detail"), StringComparison.Ordinal);
        Assert.Equal((2m, 1m), (step.GetProperty("before").GetDecimal(), step.GetProperty("after").GetDecimal()));
    }

    [Fact]
    public async Task Recent_Filtered_ListsNewestFirst()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey(burst: 1));
        using var admin = AdminOf(edge);
        for (var i = 0; i < 3; i++)
        {
            (await edge.GetAsync("/v1/a", ("x-api-key", "a"))).Dispose();
            edge.Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        (await edge.GetAsync("/v1/a")).Dispose();

        Assert.Equal(["descriptor_missing", "token_bucket_exceeded", "token_bucket_exceeded"], await Reasons(admin, "/explain?recent"));
        Assert.Equal(["token_bucket_exceeded", "token_bucket_exceeded"], await Reasons(admin, "/explain?recent&reason=token_bucket_exceeded"));
        Assert.Equal(["descriptor_missing"], await Reasons(admin, "/explain?recent&limit=1"));
        Assert.Equal(3, (await Reasons(admin, "/explain?recent&policy=api")).Length);
        Assert.Empty(await Reasons(admin, "/explain?recent&policy=other"));
        Assert.Empty(await Reasons(admin, "/explain?recent&kind=shadow"));
    }

    [Theory]
    [InlineData("GET", "/explain/nonsense", "EG3296")]
    [InlineData("GET", "/explain/0AF7651916CD43DD8448EB211C80319C", "EG3296")]
    [InlineData("GET", "/explain/0af7651916cd43dd8448eb211c80319c", "EG3295")]
    [InlineData("GET", "/explain?limit=0", "EG3296")]
    [InlineData("GET", "/explain?limit=x", "EG3296")]
    [InlineData("POST", "/explain/record-all", "EG3296")]
    [InlineData("POST", "/explain/record-all?for=2h", "EG3296")]
    [InlineData("DELETE", "/explain/record-all", "EG3291")]
    public async Task Question_ThatIsNotUnderstood_IsAnsweredWithACode(string method, string target, string code)
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey());
        using var admin = AdminOf(edge);
        using var request = new HttpRequestMessage(new HttpMethod(method), target);
        using var response = await admin.SendAsync(request);

        Assert.Equal(code, Text(JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement, "code"));
    }

    [Fact]
    public async Task Names_OfADecisionBeforeAReload_AreThoseOfItsBundle()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey(burst: 1));
        using var admin = AdminOf(edge);
        using var refused = await edge.GetAsync("/v1/a");
        edge.Folder.Write("bundle.yaml", Two.Replace("bundle_version: 1", "bundle_version: 2", StringComparison.Ordinal));
        await FileReloadTests.UntilVersion(edge, 2);

        var story = JsonDocument.Parse(await admin.GetStringAsync("/explain/" + refused.Header(IdHeader))).RootElement;

        Assert.Equal(("api", 1L), (Text(story, "policy"), story.GetProperty("bundle_version").GetInt64()));
    }

    internal static HttpClient AdminOf(EdgeUnderTest edge) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellation) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(edge.Folder.Combine("admin.sock")), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    {
        BaseAddress = new Uri("http://edge/"),
        Timeout = Eventually.Generous,
    };

    private static async Task<string[]> Reasons(HttpClient admin, string target) =>
        [.. JsonDocument.Parse(await admin.GetStringAsync(target)).RootElement.GetProperty("decisions").EnumerateArray().Select(entry => Text(entry, "reason")!)];

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
