using EdgeGuard.Bundles.Model;
using EdgeGuard.Identity.Webhooks;

namespace EdgeGuard.Identity.Tests.Webhooks;

/// <summary>Each delivery passes once, as long as it is remembered.</summary>
public sealed class DeliveryMemoryTests
{
    private static readonly byte[] Body = "body"u8.ToArray();

    [Theory]
    [InlineData(WebhookScheme.GitHub)]
    [InlineData(WebhookScheme.Stripe)]
    [InlineData(WebhookScheme.StandardWebhooks)]
    public async Task Delivery_SentManyTimesAtOnce_PassesOnce(WebhookScheme scheme)
    {
        for (var round = 0; round < 20; round++)
        {
            var harness = new WebhookHarness(WebhookHarness.Define(scheme));
            using var start = new ManualResetEventSlim();
            var tasks = Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
            {
                start.Wait();
                return harness.Outcome(WebhookHarness.Sign(scheme, Body, harness.Now), Body);
            })).ToArray();
            start.Set();
            var outcomes = await Task.WhenAll(tasks);

            Assert.Single(outcomes, WebhookOutcome.Verified);
            Assert.Equal(7, outcomes.Count(outcome => outcome == WebhookOutcome.Replayed));
        }
    }

    [Fact]
    public void Delivery_LetGoOf_PassesAgain()
    {
        var harness = new WebhookHarness(WebhookHarness.Define(WebhookScheme.GitHub));
        var first = harness.Check(WebhookHarness.Sign(WebhookScheme.GitHub, Body, harness.Now), Body);
        first.Delivery!.Release();
        var second = harness.Check(WebhookHarness.Sign(WebhookScheme.GitHub, Body, harness.Now), Body);

        // Once more, and late: the second must not be let go of with it.
        first.Delivery.Release();

        Assert.Equal(WebhookOutcome.Verified, second.Outcome);
        Assert.Equal(WebhookOutcome.Replayed, harness.Outcome(WebhookHarness.Sign(WebhookScheme.GitHub, Body, harness.Now), Body));
    }

    [Fact]
    public void Deliveries_OfTwoProviders_AreLetGoOfTogether()
    {
        var memory = new DeliveryMemory(64);
        memory.Add("a", 1, 1000, 0, out var one);
        memory.Add("b", 2, 1000, 0, out var other);
        Delivery.Join(one, Delivery.Join(other, null))!.Release();

        Assert.Equal(0, memory.Count);
    }

    [Fact]
    public void Delivery_WithoutATime_IsForgottenAfterTheWindow()
    {
        var harness = new WebhookHarness(WebhookHarness.Define(WebhookScheme.GitHub) with { ReplayWindow = TimeSpan.FromHours(1) });
        var request = WebhookHarness.Sign(WebhookScheme.GitHub, Body, harness.Now);
        Assert.Equal(WebhookOutcome.Verified, harness.Outcome(request, Body));
        harness.Time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(WebhookOutcome.Replayed, harness.Outcome(request, Body));
        harness.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(WebhookOutcome.Verified, harness.Outcome(request, Body));
    }

    // The retry of a provider is signed anew; its id is still the same.
    [Fact]
    public void Delivery_WithAnId_IsKnownByItWhateverItsTime()
    {
        var harness = new WebhookHarness(WebhookHarness.Define(WebhookScheme.StandardWebhooks));
        Assert.Equal(WebhookOutcome.Verified, harness.Outcome(WebhookHarness.Sign(WebhookScheme.StandardWebhooks, Body, harness.Now), Body));
        harness.Time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(WebhookOutcome.Replayed, harness.Outcome(WebhookHarness.Sign(WebhookScheme.StandardWebhooks, Body, harness.Now), Body));
    }

    // A short window must not end before the time does.
    [Fact]
    public void Delivery_WithATime_IsRememberedUntilItIsTooOld()
    {
        var definition = WebhookHarness.Define(WebhookScheme.Slack) with { ReplayWindow = TimeSpan.FromMinutes(1), Tolerance = TimeSpan.FromHours(1) };
        var harness = new WebhookHarness(definition);
        var request = WebhookHarness.Sign(WebhookScheme.Slack, Body, harness.Now + 3600);
        Assert.Equal(WebhookOutcome.Verified, harness.Outcome(request, Body));
        harness.Time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(WebhookOutcome.Replayed, harness.Outcome(request, Body));
        harness.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(WebhookOutcome.OutOfTime, harness.Outcome(request, Body));
    }

    [Fact]
    public void Memory_ThatIsFull_RefusesAndForgetsNothing()
    {
        var harness = new WebhookHarness(WebhookHarness.Define(WebhookScheme.GitHub), capacity: 32);
        var outcomes = new List<WebhookOutcome>();
        for (var i = 0; i < 200; i++)
        {
            outcomes.Add(harness.Outcome(WebhookHarness.Sign(WebhookScheme.GitHub, BitConverter.GetBytes(i), harness.Now), BitConverter.GetBytes(i)));
        }

        Assert.Equal(16, outcomes.Count(outcome => outcome == WebhookOutcome.Verified));
        Assert.All(outcomes, outcome => Assert.True(outcome is WebhookOutcome.Verified or WebhookOutcome.Full));
        Assert.Equal(
            WebhookOutcome.Replayed, harness.Outcome(WebhookHarness.Sign(WebhookScheme.GitHub, BitConverter.GetBytes(0), harness.Now), BitConverter.GetBytes(0)));
        harness.Time.Advance(TimeSpan.FromHours(25));
        Assert.Equal(WebhookOutcome.Verified, harness.Outcome(WebhookHarness.Sign(WebhookScheme.GitHub, BitConverter.GetBytes(199), harness.Now), BitConverter.GetBytes(199)));
    }

    [Fact]
    public void Memory_OfDeliveriesThatAreLetGoOf_DoesNotGrow()
    {
        var memory = new DeliveryMemory(1024);
        for (var i = 0; i < 100_000; i++)
        {
            Assert.Equal(WebhookOutcome.Verified, memory.Add("a", (UInt128)i * 16, 1_000_000, 0, out var delivery));
            delivery!.Release();
        }

        Assert.Equal(0, memory.Count);
        Assert.InRange(memory.Held, 0, 2048);
    }
}
