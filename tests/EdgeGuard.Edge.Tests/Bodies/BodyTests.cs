using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using EdgeGuard.Edge.Bodies;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Options;
using EdgeGuard.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGuard.Edge.Tests.Bodies;

public sealed class BodyTests
{
    private const string Prompt = """{"model":"m","max_tokens":10,"messages":[{"role":"user","content":"hello"}]}""";

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Body_ThatIsLookedAt_IsForwardedUnchanged(bool chunked, bool expect)
    {
        await using var edge = await EdgeUnderTest.StartAsync(FlowBundles.Llm());
        using var response = await PostAsync(edge, Encoding.UTF8.GetBytes(Prompt), request =>
        {
            request.Headers.TransferEncodingChunked = chunked;
            request.Headers.ExpectContinue = expect;
        });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Prompt, Encoding.UTF8.GetString(Assert.Single(edge.Upstream.Received.Items).Body));
        await AssertNothingKept(edge);
    }

    [Fact]
    public async Task Body_ThatIsLookedAt_DecidesWhatIsReserved()
    {
        await using var edge = await EdgeUnderTest.StartAsync(FlowBundles.Llm(", max_prompt_tokens: 50"));
        using var small = await PostAsync(edge, Encoding.UTF8.GetBytes(Prompt));
        using var large = await PostAsync(edge, Encoding.UTF8.GetBytes(Chat(new string('x', 2000))));

        Assert.Equal(HttpStatusCode.OK, small.StatusCode);
        Assert.Equal("prompt_tokens_exceeded", large.Header("X-EdgeGuard-Reason"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Body_LongerThanTheBound_IsTooLarge(bool chunked)
    {
        await using var edge = await EdgeUnderTest.StartAsync(FlowBundles.Llm());
        using var fits = await PostAsync(edge, new byte[4096], request => request.Headers.TransferEncodingChunked = chunked);
        using var response = await PostAsync(edge, new byte[4097], request => request.Headers.TransferEncodingChunked = chunked, key: "b");

        Assert.NotEqual("too_large", fits.Headers.TryGetValues("X-EdgeGuard-Reason", out var reasons) ? reasons.First() : string.Empty);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal("too_large", response.Header("X-EdgeGuard-Reason"));
        await AssertNothingKept(edge);
    }

    [Fact]
    public async Task Body_LongerThanLoopDetectionLooksAt_IsForwardedWhole()
    {
        await using var edge = await EdgeUnderTest.StartAsync(FlowBundles.Loop);
        var body = new byte[3_000_000];
        new Random(1).NextBytes(body);
        using var response = await PostAsync(edge, body);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(body, Assert.Single(edge.Upstream.Received.Items).Body);
        await AssertNothingKept(edge);
    }

    [Fact]
    public async Task Loop_IsTold_ByBody()
    {
        await using var edge = await EdgeUnderTest.StartAsync(FlowBundles.Loop);
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 3; i++)
        {
            using var other = await PostAsync(edge, Encoding.UTF8.GetBytes($"other {i}"));
            using var same = await PostAsync(edge, "same"u8.ToArray());
            Assert.Equal(HttpStatusCode.OK, other.StatusCode);
            answers.Add(same.StatusCode);
        }

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests], answers);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task CompressedBody_IsLookedAt_AndForwardedAsItCame(string coding)
    {
        await using var edge = await EdgeUnderTest.StartAsync(FlowBundles.Llm(", max_prompt_tokens: 50"));
        var coded = Compress(coding, Encoding.UTF8.GetBytes(Prompt));
        using var passed = await PostAsync(edge, coded, request => request.Content!.Headers.ContentEncoding.Add(coding));
        using var refused = await PostAsync(
            edge,
            Compress(coding, Encoding.UTF8.GetBytes(Chat(new string('x', 2000)))),
            request => request.Content!.Headers.ContentEncoding.Add(coding));

        Assert.Equal(HttpStatusCode.OK, passed.StatusCode);
        Assert.Equal(coded, Assert.Single(edge.Upstream.Received.Items).Body);
        Assert.Equal("prompt_tokens_exceeded", refused.Header("X-EdgeGuard-Reason"));
        await AssertNothingKept(edge);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task CompressedBody_ThatGrowsBeyondTheBound_IsTooLarge(string coding)
    {
        await using var edge = await EdgeUnderTest.StartAsync(FlowBundles.Llm());
        var bomb = Compress(coding, new byte[2_000_000]);
        Assert.InRange(bomb.Length, 1, 4096);
        using var response = await PostAsync(edge, bomb, request => request.Content!.Headers.ContentEncoding.Add(coding));

        Assert.Equal("too_large", response.Header("X-EdgeGuard-Reason"));
        await AssertNothingKept(edge);
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("gzip")]
    [InlineData("gzip, gzip")]
    public async Task BodyInACoding_ThatCannotBeRead_IsRefusedByWhoHasToLookInside(string coding)
    {
        await using var edge = await EdgeUnderTest.StartAsync(FlowBundles.Llm());
        using var response = await PostAsync(
            edge, "not compressed"u8.ToArray(), request => request.Content!.Headers.TryAddWithoutValidation("Content-Encoding", coding));

        Assert.Equal("too_large", response.Header("X-EdgeGuard-Reason"));
        Assert.Equal(0, edge.Upstream.Count);
    }

    [Fact]
    public async Task Body_ThatDoesNotArriveInTime_IsRefused()
    {
        await using var edge = await EdgeUnderTest.StartAsync(FlowBundles.Llm());
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, edge.Proxy!.BaseAddress!.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync("POST /v1/a HTTP/1.1\r\nHost: api.test\r\nx-api-key: a\r\nContent-Length: 100\r\nConnection: close\r\n\r\nabc"u8.ToArray());
        await Eventually.TrueAsync(() => Budget(edge).Used > 0);
        edge.Time.Advance(TimeSpan.FromSeconds(30));
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadLineAsync().Within("the refusal");

        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
        await AssertNothingKept(edge);
    }

    [Fact]
    public async Task ClientGoneInTheMiddleOfItsBody_LeavesNothing()
    {
        await using var edge = await EdgeUnderTest.StartAsync(FlowBundles.Llm());
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(IPAddress.Loopback, edge.Proxy!.BaseAddress!.Port);
            await socket.GetStream().WriteAsync("POST /v1/a HTTP/1.1\r\nHost: api.test\r\nContent-Length: 100\r\n\r\nabc"u8.ToArray());
            await Eventually.TrueAsync(() => Budget(edge).Used > 0);
        }

        await AssertNothingKept(edge);
        Assert.Equal(0, edge.Upstream.Count);
    }

    [Fact]
    public async Task Bodies_BeyondTheMemory_AreShed()
    {
        await using var edge = await EdgeUnderTest.StartAsync(
            FlowBundles.Loop, options => options with { Bodies = new BodyOptions { MemoryBytes = 16 * 1024 } });
        using var fits = await PostAsync(edge, new byte[4000]);
        using var shed = await PostAsync(edge, new byte[100_000]);

        Assert.Equal(HttpStatusCode.OK, fits.StatusCode);
        Assert.Equal("overload_shed", shed.Header("X-EdgeGuard-Reason"));
        await AssertNothingKept(edge);
    }

    [Fact]
    public async Task KilledRequest_IsRefusedWithoutItsBody()
    {
        await using var edge = await EdgeUnderTest.StartAsync(FlowBundles.Llm());
        edge.Kill("x-api-key", "a");
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, edge.Proxy!.BaseAddress!.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync("POST /v1/a HTTP/1.1\r\nHost: api.test\r\nx-api-key: a\r\nContent-Length: 100\r\n\r\n"u8.ToArray());
        using var reader = new StreamReader(stream);

        Assert.StartsWith("HTTP/1.1 403", await reader.ReadLineAsync().Within("the refusal"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task DecisionDoor_ReadsTheBodyThatAGatewaySends()
    {
        await using var edge = await EdgeUnderTest.StartAsync(FlowBundles.Llm(", max_prompt_tokens: 50"));
        using var without = await DecideAsync(edge, null);
        using var small = await DecideAsync(edge, Prompt);
        using var large = await DecideAsync(edge, Chat(new string('x', 2000)));
        using var partial = await DecideAsync(edge, Prompt, ("x-envoy-auth-partial-body", "true"));

        Assert.Equal(HttpStatusCode.OK, without.StatusCode);
        Assert.Equal(HttpStatusCode.OK, small.StatusCode);
        Assert.Equal("prompt_tokens_exceeded", large.Header("X-EdgeGuard-Reason"));
        Assert.Equal("too_large", partial.Header("X-EdgeGuard-Reason"));
    }

    private static Task<HttpResponseMessage> DecideAsync(EdgeUnderTest edge, string? body, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(edge.Decision!.BaseAddress!, "/v1/decision/envoy/v1/a"));
        request.Headers.Add("x-api-key", "a");
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        request.Content = body is null ? null : new StringContent(body);
        return edge.Decision.SendAsync(request);
    }

    private static async Task<HttpResponseMessage> PostAsync(
        EdgeUnderTest edge, byte[] body, Action<HttpRequestMessage>? change = null, string key = "a")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(edge.Proxy!.BaseAddress!, "/v1/a")) { Content = new ByteArrayContent(body) };
        request.Headers.Add("x-api-key", key);
        change?.Invoke(request);
        return await edge.Proxy.SendAsync(request).Within("an answer");
    }

    private static string Chat(string content) => $$"""{"max_tokens":10,"messages":[{"role":"user","content":"{{content}}"}]}""";

    private static byte[] Compress(string coding, byte[] bytes)
    {
        using var coded = new MemoryStream();
        using (Stream coder = coding switch
        {
            "gzip" => new GZipStream(coded, CompressionLevel.Optimal, leaveOpen: true),
            "deflate" => new ZLibStream(coded, CompressionLevel.Optimal, leaveOpen: true),
            _ => new BrotliStream(coded, CompressionLevel.Optimal, leaveOpen: true),
        })
        {
            coder.Write(bytes);
        }

        return coded.ToArray();
    }

    private static BodyBudget Budget(EdgeUnderTest edge) => edge.Host.Services.GetRequiredService<BodyBudget>();

    private static Task AssertNothingKept(EdgeUnderTest edge) => Eventually.TrueAsync(() => Budget(edge).Used == 0);
}
