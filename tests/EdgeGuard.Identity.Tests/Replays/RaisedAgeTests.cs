using System.Security.Cryptography;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Identity.Agents;
using EdgeGuard.Identity.Replays;
using EdgeGuard.Identity.Tests.Agents;
using EdgeGuard.Identity.Tests.Webhooks;
using EdgeGuard.Identity.Webhooks;

namespace EdgeGuard.Identity.Tests.Replays;

/// <summary>What has passed is forgotten when it is too old to pass. Neither a bundle that takes older ones nor a body that comes slowly lets it pass after that.</summary>
public sealed class RaisedAgeTests
{
    private const string Parts = "\"@method\" \"@authority\" \"@path\"";

    private static readonly byte[] Body = "{}"u8.ToArray();

    [Fact]
    public async Task Use_OlderSignaturesTakenFromNowOn_LetsNoneThatHasPassedPassAgain()
    {
        await using var harness = new AgentHarness(Agent(300));
        var early = Request(harness, "n-early");
        Assert.Equal("", await harness.FailureAsync(early));
        harness.Time.Advance(TimeSpan.FromSeconds(310));
        var late = Request(harness, "n-late");
        Assert.Equal("", await harness.FailureAsync(late));
        harness.Time.Advance(TimeSpan.FromSeconds(21));

        // The early one is too old and forgotten; the late one is remembered until it would be too old by the limit under which it passed.
        harness.Verifier.Use(new IdentitySources { Agents = [Agent(3600)] });
        Assert.Equal(AgentFailures.Expired, await harness.FailureAsync(early));
        Assert.Equal(AgentFailures.Replayed, await harness.FailureAsync(late));
        harness.Time.Advance(TimeSpan.FromSeconds(310));
        Assert.Equal(AgentFailures.Expired, await harness.FailureAsync(late));

        var fresh = Request(harness, "n-fresh");
        harness.Time.Advance(TimeSpan.FromMinutes(60));
        Assert.Equal("", await harness.FailureAsync(fresh));
        Assert.Equal(AgentFailures.Replayed, await harness.FailureAsync(fresh));
    }

    [Fact]
    public async Task Use_AgentGoneAndBack_IsAsIfItsLimitHadBeenRaised()
    {
        await using var harness = new AgentHarness(Agent(60));
        var request = Request(harness, "n-1");
        Assert.Equal("", await harness.FailureAsync(request));
        harness.Verifier.Use(new IdentitySources { Agents = [Agent(60) with { Id = "other" }] });
        harness.Time.Advance(TimeSpan.FromSeconds(100));
        harness.Verifier.Use(new IdentitySources { Agents = [Agent(3600)] });

        Assert.Equal(AgentFailures.Expired, await harness.FailureAsync(request));
        Assert.Equal("", await harness.FailureAsync(Request(harness, "n-2")));
    }

    [Fact]
    public async Task Use_OnlyYoungerSignaturesTaken_HoldsAtOnceAndForWhatWasSignedBefore()
    {
        await using var harness = new AgentHarness(Agent(3600));
        var request = Request(harness, "n-1");
        harness.Time.Advance(TimeSpan.FromSeconds(100));
        harness.Verifier.Use(new IdentitySources { Agents = [Agent(60)] });
        Assert.Equal(AgentFailures.Expired, await harness.FailureAsync(request));

        // And what it refused stays refused.
        harness.Verifier.Use(new IdentitySources { Agents = [Agent(3600)] });
        Assert.Equal(AgentFailures.Expired, await harness.FailureAsync(request));
    }

    [Fact]
    public async Task Signature_WhoseBodyOutlastsIt_DoesNotPass()
    {
        await using var harness = new AgentHarness(Agent(300));
        var request = Signed(harness);
        Assert.Equal("", await harness.FailureAsync(request));

        // Captured, begun in time, and its body held up until what has passed is forgotten.
        request.Arrives = () => harness.Time.Advance(TimeSpan.FromSeconds(331));
        Assert.Equal(AgentFailures.Expired, await harness.FailureAsync(request));
        Assert.Equal(0, harness.Verifier.Replays.Remembered);
    }

    [Theory]
    [InlineData(WebhookScheme.Stripe)]
    [InlineData(WebhookScheme.Slack)]
    [InlineData(WebhookScheme.StandardWebhooks)]
    public void Use_OlderDeliveriesTakenFromNowOn_LetsNoneThatHasPassedPassAgain(WebhookScheme scheme)
    {
        var definition = WebhookHarness.Define(scheme) with { Tolerance = TimeSpan.FromMinutes(5), ReplayWindow = TimeSpan.FromMinutes(1) };
        var harness = new WebhookHarness(definition);
        var (past, ahead) = (WebhookHarness.Sign(scheme, Body, harness.Now, "a"), WebhookHarness.Sign(scheme, Body, harness.Now + 300, "b"));
        Assert.Equal((WebhookOutcome.Verified, WebhookOutcome.Verified), (harness.Outcome(past, Body), harness.Outcome(ahead, Body)));
        harness.Time.Advance(TimeSpan.FromSeconds(301));

        harness.Verifier.Use([definition with { Tolerance = TimeSpan.FromHours(1) }]);
        Assert.Equal((WebhookOutcome.OutOfTime, WebhookOutcome.Replayed), (harness.Outcome(past, Body), harness.Outcome(ahead, Body)));
        harness.Time.Advance(TimeSpan.FromSeconds(300));
        Assert.Equal(WebhookOutcome.OutOfTime, harness.Outcome(ahead, Body));

        harness.Time.Advance(TimeSpan.FromMinutes(10));
        var fresh = WebhookHarness.Sign(scheme, Body, harness.Now, "c");
        harness.Time.Advance(TimeSpan.FromMinutes(60));
        Assert.Equal((WebhookOutcome.Verified, WebhookOutcome.Replayed), (harness.Outcome(fresh, Body), harness.Outcome(fresh, Body)));
    }

    [Theory]
    [InlineData(WebhookScheme.Stripe)]
    [InlineData(WebhookScheme.Slack)]
    [InlineData(WebhookScheme.StandardWebhooks)]
    public void Delivery_WhoseBodyOutlastsItsTime_DoesNotPass(WebhookScheme scheme)
    {
        var harness = new WebhookHarness(WebhookHarness.Define(scheme));
        var check = harness.Verifier.Inspect(WebhookHarness.Id, WebhookHarness.Sign(scheme, Body, harness.Now), declaredLength: null);
        Assert.True(check.NeedsBody);
        harness.Time.Advance(TimeSpan.FromSeconds(301));
        harness.Verifier.Verify(check, Body);

        Assert.Equal(WebhookOutcome.OutOfTime, check.Outcome);
        Assert.Equal(0, harness.Verifier.Remembered);
    }

    [Fact]
    public void For_RaisedSeveralTimes_IsTheLimitThatWasInForce()
    {
        var limit = AgeLimit.Of(Seconds(60)).ChangedTo(Seconds(300), 100, 100).ChangedTo(Seconds(600), 200, 200);

        Assert.Equal((60, 300, 600), (Of(limit, 100), Of(limit, 200), Of(limit, 201)));
        Assert.Same(limit, limit.ChangedTo(Seconds(600), 300, 300));
        var lowered = limit.ChangedTo(Seconds(100), 200, 200);
        Assert.Equal((60, 100, 100), (Of(lowered, 100), Of(lowered, 200), Of(lowered, 201)));

        // Steps of times that no limit takes any more are let go of.
        var later = limit.ChangedTo(Seconds(3600), 5000, 5000);
        Assert.Equal((600, 3600), (Of(later, 100), Of(later, 5001)));
    }

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);

    private static int Of(AgeLimit limit, long signed) => (int)limit.For(signed).TotalSeconds;

    private static AgentDefinition Agent(int maxAge) => AgentHarness.Hmac() with { MaxAge = Seconds(maxAge) };

    private static FakeRequest Request(AgentHarness harness, string nonce) => AgentHarness.Signed(
        AgentHarness.Request("POST"), Parts, $";created={harness.Time.GetUtcNow().ToUnixTimeSeconds()};keyid=\"mac\";nonce=\"{nonce}\"", "hmac-sha256");

    private static FakeRequest Signed(AgentHarness harness)
    {
        var request = AgentHarness.Request("POST").Add("Content-Digest", $"sha-256=:{Convert.ToBase64String(SHA256.HashData(Body))}:");
        request.Body = Body;
        return AgentHarness.Signed(
            request, Parts + " \"content-digest\"", $";created={harness.Time.GetUtcNow().ToUnixTimeSeconds()};keyid=\"mac\";nonce=\"n-1\"", "hmac-sha256");
    }
}
