using System.IO.Compression;
using EdgeGuard.Edge.Bodies;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using static EdgeGuard.Edge.Tests.Webhooks.WebhookEdge;

namespace EdgeGuard.Edge.Tests.Webhooks;

/// <summary>Deliveries of webhooks through a real edge.</summary>
public sealed class WebhookTests
{
    private static readonly byte[] Body = """{"action":"opened"}"""u8.ToArray();

    [Fact]
    public async Task Deliveries_AreToldApart()
    {
        await using var edge = await StartAsync();
        using var none = await DeliverAsync(edge, "/code", Body, null);
        using var forged = await DeliverAsync(edge, "/code", Body, Sign(Body, "not the secret of this webhook"));
        using var unreadable = await DeliverAsync(edge, "/code", Body, "sha1=00");
        using var good = await DeliverAsync(edge, "/code", Body, Sign(Body));
        using var again = await DeliverAsync(edge, "/code", Body, Sign(Body));
        using var large = await DeliverAsync(edge, "/small", new byte[101], Sign(new byte[101]));
        using var chunked = await DeliverAsync(edge, "/small", new byte[101], Sign(new byte[101]), request => request.Headers.TransferEncodingChunked = true);
        using var rest = await DeliverAsync(edge, "/rest", Body, null);

        Assert.Equal(("401 identity_required", "Webhook-Signature"), (none.Verdict(), none.Header("WWW-Authenticate")));
        Assert.Equal(("401 identity_invalid", "Webhook-Signature"), (forged.Verdict(), forged.Header("WWW-Authenticate")));
        Assert.Equal("401 identity_invalid", unreadable.Verdict());
        Assert.Equal("200 allow", good.Verdict());
        Assert.Equal("409 replayed", again.Verdict());
        Assert.Equal("413 too_large", large.Verdict());
        Assert.Equal("413 too_large", chunked.Verdict());
        Assert.Equal("200 allow", rest.Verdict());
        var metrics = await edge.Probes.GetStringAsync("/metrics");
        Assert.Contains("edgeguard_webhooks_total{webhook=\"code\",outcome=\"verified\"} 1", metrics, StringComparison.Ordinal);
        Assert.Contains("edgeguard_webhooks_total{webhook=\"code\",outcome=\"replayed\"} 1", metrics, StringComparison.Ordinal);
        Assert.Contains("edgeguard_webhooks_total{webhook=\"code\",outcome=\"bad_signature\"} 1", metrics, StringComparison.Ordinal);
        Assert.Contains("edgeguard_webhooks_total{webhook=\"small\",outcome=\"too_large\"} 2", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, metrics, StringComparison.Ordinal);
        await AssertNothingKept(edge);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Body_IsForwardedByteForByte(bool chunked, bool coded)
    {
        await using var edge = await StartAsync();
        var body = new byte[1_500_000];
        new Random(1).NextBytes(body);
        var sent = coded ? Compress(body) : body;
        using var answer = await DeliverAsync(edge, "/code", sent, Sign(sent), request =>
        {
            request.Headers.TransferEncodingChunked = chunked;
            if (coded)
            {
                request.Content!.Headers.ContentEncoding.Add("gzip");
            }
        });

        Assert.Equal("200 allow", answer.Verdict());
        Assert.Equal(sent, Assert.Single(edge.Upstream.Received.Items).Body);
        await AssertNothingKept(edge);
    }

    [Fact]
    public async Task Delivery_SentManyTimesAtOnce_ReachesTheUpstreamOnce()
    {
        await using var edge = await StartAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => DeliverAsync(edge, "/code", Body, Sign(Body))));

        Assert.Single(answers, answer => answer.Verdict() == "200 allow");
        Assert.Equal(19, answers.Count(answer => answer.Verdict() == "409 replayed"));
        Assert.Single(edge.Upstream.Received.Items);
    }

    [Fact]
    public async Task Delivery_ThatALimitRefuses_PassesLater()
    {
        await using var edge = await StartAsync();
        using var first = await DeliverAsync(edge, "/limited", [1], Sign([1]));
        using var refused = await DeliverAsync(edge, "/limited", [2], Sign([2]));
        edge.Time.Advance(TimeSpan.FromSeconds(2));
        using var later = await DeliverAsync(edge, "/limited", [2], Sign([2]));
        edge.Time.Advance(TimeSpan.FromSeconds(2));
        using var again = await DeliverAsync(edge, "/limited", [2], Sign([2]));

        Assert.Equal("200 allow", first.Verdict());
        Assert.Equal("429 token_bucket_exceeded", refused.Verdict());
        Assert.Equal("200 allow", later.Verdict());
        Assert.Equal("409 replayed", again.Verdict());
    }

    [Fact]
    public async Task Delivery_ThatTheUpstreamDidNotTake_PassesAgain()
    {
        await using var edge = await StartAsync();
        edge.Upstream.Answer = context =>
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return Task.CompletedTask;
        };
        using var failed = await DeliverAsync(edge, "/code", Body, Sign(Body));
        edge.Upstream.Answer = _ => Task.CompletedTask;
        using var retried = await DeliverAsync(edge, "/code", Body, Sign(Body));
        using var again = await DeliverAsync(edge, "/code", Body, Sign(Body));

        Assert.Equal(500, (int)failed.StatusCode);
        Assert.Equal("200 allow", retried.Verdict());
        Assert.Equal("409 replayed", again.Verdict());
    }

    [Fact]
    public async Task DecisionDoor_NeedsTheBody()
    {
        await using var edge = await StartAsync();
        using var without = await AskAsync(edge, "/code", null, Sign(Body));
        using var forged = await AskAsync(edge, "/code", [.. Body, 1], Sign(Body));
        using var good = await AskAsync(edge, "/code", Body, Sign(Body));
        using var again = await AskAsync(edge, "/code", Body, Sign(Body));

        Assert.Equal("401 identity_invalid", without.Verdict());
        Assert.Equal("401 identity_invalid", forged.Verdict());
        Assert.Equal("200 allow", good.Verdict());
        Assert.Equal("409 replayed", again.Verdict());
    }

    [Fact]
    public async Task KillSwitch_ComesFirst_AndNoBodyIsRead()
    {
        await using var edge = await StartAsync();
        edge.Kill("x-hub-signature-256", Sign(Body));
        using var killed = await DeliverAsync(edge, "/code", Body, Sign(Body));

        Assert.Equal("403 kill_switch", killed.Verdict());
        var metrics = await edge.Probes.GetStringAsync("/metrics");
        Assert.DoesNotContain("edgeguard_webhooks_total{", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("edgeguard_bodies_total{", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ShadowPolicy_RefusesNothing()
    {
        await using var edge = await StartAsync();
        using var none = await DeliverAsync(edge, "/trial", Body, null);
        using var good = await DeliverAsync(edge, "/trial", Body, Sign(Body));
        using var again = await DeliverAsync(edge, "/trial", Body, Sign(Body));

        Assert.Equal(["200 allow", "200 allow", "200 allow"], [none.Verdict(), good.Verdict(), again.Verdict()]);
        var metrics = await edge.Probes.GetStringAsync("/metrics");
        Assert.Contains("edgeguard_webhooks_total{webhook=\"code\",outcome=\"replayed\"} 1", metrics, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("too short")]
    public async Task Secret_ThatCannotBeUsed_RefusesTheBundle(string secret)
    {
        var failure = await Assert.ThrowsAsync<StartException>(() => StartAsync(secret));

        Assert.Contains(failure.Diagnostics, finding => finding.Code is "EG3207" or "EG3228");
        Assert.DoesNotContain(failure.Diagnostics, finding => secret.Length > 0 && finding.ToString().Contains(secret, StringComparison.Ordinal));
    }

    private static Task AssertNothingKept(EdgeUnderTest edge) =>
        Eventually.TrueAsync(() => edge.Host.Services.GetRequiredService<BodyBudget>().Used == 0, what: "no body kept");

    private static byte[] Compress(byte[] body)
    {
        using var target = new MemoryStream();
        using (var coder = new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true))
        {
            coder.Write(body);
        }

        return target.ToArray();
    }
}
