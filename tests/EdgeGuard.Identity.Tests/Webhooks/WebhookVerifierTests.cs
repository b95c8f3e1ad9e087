using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Identity.Webhooks;

namespace EdgeGuard.Identity.Tests.Webhooks;

public sealed class WebhookVerifierTests
{
    private static readonly byte[] Body = """{"type":"order.paid","amount":100}"""u8.ToArray();

    public static TheoryData<WebhookScheme> Schemes => [.. Enum.GetValues<WebhookScheme>()];

    public static TheoryData<WebhookScheme> TimedSchemes => [.. Enum.GetValues<WebhookScheme>().Where(scheme => scheme != WebhookScheme.GitHub)];

    [Theory]
    [MemberData(nameof(Schemes))]
    public void Delivery_SignedByItsProvider_PassesOnce(WebhookScheme scheme)
    {
        var harness = new WebhookHarness(WebhookHarness.Define(scheme));
        var request = WebhookHarness.Sign(scheme, Body, harness.Now);

        Assert.Equal(WebhookOutcome.Verified, harness.Outcome(request, Body));
        Assert.Equal(WebhookOutcome.Replayed, harness.Outcome(request, Body));
        Assert.Equal(WebhookOutcome.None, harness.Outcome(new FakeRequest(), Body));
        Assert.Equal(WebhookOutcome.Verified, harness.Outcome(WebhookHarness.Sign(scheme, [1], harness.Now, "msg_2"), [1]));
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public void Delivery_WithAnyByteOfTheBodyChanged_IsRefused(WebhookScheme scheme)
    {
        var harness = new WebhookHarness(WebhookHarness.Define(scheme));
        var request = WebhookHarness.Sign(scheme, Body, harness.Now);
        for (var i = 0; i < Body.Length; i++)
        {
            var changed = (byte[])Body.Clone();
            changed[i] ^= 1;
            Assert.Equal(WebhookOutcome.BadSignature, harness.Outcome(request, changed));
        }

        Assert.Equal(WebhookOutcome.BadSignature, harness.Outcome(request, Body[..^1]));
        Assert.Equal(WebhookOutcome.BadSignature, harness.Outcome(request, [.. Body, 0]));
        Assert.Equal(WebhookOutcome.BadSignature, harness.Outcome(request, []));
        Assert.Equal(WebhookOutcome.Verified, harness.Outcome(request, Body));
    }

    // Every character of every header: none may be changed into a delivery that passes, other than in ways that mean the same (the case of hex digits).
    [Theory]
    [InlineData(WebhookScheme.GitHub, "X-Hub-Signature-256")]
    [InlineData(WebhookScheme.Stripe, "Stripe-Signature")]
    [InlineData(WebhookScheme.Slack, "X-Slack-Signature", "X-Slack-Request-Timestamp")]
    [InlineData(WebhookScheme.StandardWebhooks, "webhook-signature", "webhook-timestamp", "webhook-id")]
    [InlineData(WebhookScheme.Generic, "X-Signature", "X-Time", "X-Id", "X-Topic")]
    public void Delivery_WithAnyCharacterOfAHeaderChanged_IsRefused(WebhookScheme scheme, params string[] headers)
    {
        var harness = new WebhookHarness(WebhookHarness.Define(scheme));
        foreach (var header in headers)
        {
            var value = WebhookHarness.Sign(scheme, Body, harness.Now).FirstOf(header)!;
            var end = scheme == WebhookScheme.Stripe ? value.IndexOf(",v0", StringComparison.Ordinal) : value.Length;
            for (var i = 0; i < end; i++)
            {
                var changed = value[..i] + (value[i] == '7' ? '8' : '7') + value[(i + 1)..];
                Assert.NotEqual(WebhookOutcome.Verified, harness.Outcome(WebhookHarness.Sign(scheme, Body, harness.Now).Set(header, changed), Body));
            }

            Assert.NotEqual(WebhookOutcome.Verified, harness.Outcome(WebhookHarness.Sign(scheme, Body, harness.Now).Set(header, value[..end] + "7" + value[end..]), Body));
            Assert.NotEqual(WebhookOutcome.Verified, harness.Outcome(WebhookHarness.Sign(scheme, Body, harness.Now).Add(header, value), Body));
            var without = WebhookHarness.Sign(scheme, Body, harness.Now);
            without.Remove(header);
            Assert.NotEqual(WebhookOutcome.Verified, harness.Outcome(without, Body));
        }

        Assert.Equal(0, harness.Verifier.Remembered);
    }

    [Theory]
    [MemberData(nameof(TimedSchemes))]
    public void Delivery_OutOfTime_IsRefusedOnBothSides(WebhookScheme scheme)
    {
        var harness = new WebhookHarness(WebhookHarness.Define(scheme));

        Assert.Equal(WebhookOutcome.OutOfTime, harness.Outcome(WebhookHarness.Sign(scheme, Body, harness.Now - 301), Body));
        Assert.Equal(WebhookOutcome.OutOfTime, harness.Outcome(WebhookHarness.Sign(scheme, Body, harness.Now + 301), Body));
        Assert.Equal(WebhookOutcome.Verified, harness.Outcome(WebhookHarness.Sign(scheme, Body, harness.Now - 300, "a"), Body));
        Assert.Equal(WebhookOutcome.Verified, harness.Outcome(WebhookHarness.Sign(scheme, Body, harness.Now + 300, "b"), Body));
    }

    [Theory]
    [InlineData("+1767225600")]
    [InlineData(" 1767225600")]
    [InlineData("1767225600.0")]
    [InlineData("0x69")]
    [InlineData("99999999999999999999")]
    public void Delivery_WithATimeThatIsNoNumber_IsRefused(string time)
    {
        var harness = new WebhookHarness(WebhookHarness.Define(WebhookScheme.Slack), start: 1767225600);
        var mac = WebhookHarness.Mac(WebhookHarness.Secret, WebhookHarness.Joined($"v0:{time}:", Body));
        var request = new FakeRequest(("X-Slack-Signature", "v0=" + WebhookHarness.Hex(mac)), ("X-Slack-Request-Timestamp", time));

        Assert.Equal(WebhookOutcome.OutOfTime, harness.Outcome(request, Body));
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public void Secrets_DuringRotation_AllCount(WebhookScheme scheme)
    {
        const string Next = "fedcba9876543210fedcba9876543210";
        var next = scheme == WebhookScheme.StandardWebhooks ? "whsec_" + Convert.ToBase64String(Encoding.ASCII.GetBytes(Next)) : Next;
        var definition = WebhookHarness.Define(scheme);
        var harness = new WebhookHarness(definition with { Secrets = [next, definition.Secrets[0]] });

        Assert.Equal(WebhookOutcome.Verified, harness.Outcome(WebhookHarness.Sign(scheme, [1], harness.Now, "a"), [1]));
        Assert.Equal(WebhookOutcome.Verified, harness.Outcome(WebhookHarness.Sign(scheme, [2], harness.Now, "b", Next), [2]));
        Assert.Equal(WebhookOutcome.BadSignature, harness.Outcome(WebhookHarness.Sign(scheme, [3], harness.Now, "c", "another secret of some length"), [3]));
    }

    // While a provider rotates, it signs with both secrets; each of the two alone would be another signature of the same delivery.
    [Fact]
    public void Replay_WithTheOtherOfTwoSignatures_IsOne()
    {
        const string Next = "fedcba9876543210fedcba9876543210";
        var harness = new WebhookHarness(WebhookHarness.Define(WebhookScheme.Stripe) with { Secrets = [WebhookHarness.Secret, Next] });
        var signed = WebhookHarness.Joined($"{harness.Now}.", Body);
        string[] codes = [WebhookHarness.Hex(WebhookHarness.Mac(WebhookHarness.Secret, signed)), WebhookHarness.Hex(WebhookHarness.Mac(Next, signed))];

        Assert.Equal(WebhookOutcome.Verified, harness.Outcome(new FakeRequest(("Stripe-Signature", $"t={harness.Now},v1={codes[0]},v1={codes[1]}")), Body));
        Assert.Equal(WebhookOutcome.Replayed, harness.Outcome(new FakeRequest(("Stripe-Signature", $"t={harness.Now},v1={codes[1]}")), Body));
        Assert.Equal(WebhookOutcome.Replayed, harness.Outcome(new FakeRequest(("Stripe-Signature", $"t={harness.Now},v1={codes[0].ToUpperInvariant()}")), Body));
    }

    [Fact]
    public void Value_ThatHoldsWhatFollowsIt_CannotLendToTheNext()
    {
        var harness = new WebhookHarness(WebhookHarness.Define(WebhookScheme.StandardWebhooks));
        var request = WebhookHarness.Sign(WebhookScheme.StandardWebhooks, Body, harness.Now, "msg.1");

        Assert.Equal(WebhookOutcome.Malformed, harness.Outcome(request, Body));
    }

    [Fact]
    public void Failures_OfOneClient_EndInNotLooking()
    {
        var harness = new WebhookHarness(WebhookHarness.Define(WebhookScheme.GitHub), failureBurst: 2);
        var good = WebhookHarness.Sign(WebhookScheme.GitHub, Body, harness.Now);

        Assert.Equal(WebhookOutcome.BadSignature, harness.Outcome(good, [1]));
        Assert.Equal(WebhookOutcome.BadSignature, harness.Outcome(good, [2]));
        Assert.Equal(WebhookOutcome.TooManyFailures, harness.Outcome(good, Body));
        harness.Time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(WebhookOutcome.Verified, harness.Outcome(good, Body));
    }

    [Fact]
    public void Body_LongerThanTheBound_IsTooLarge()
    {
        var harness = new WebhookHarness(WebhookHarness.Define(WebhookScheme.GitHub) with { MaxBodyBytes = Body.Length });
        var request = WebhookHarness.Sign(WebhookScheme.GitHub, [.. Body, 1], harness.Now);

        Assert.Equal(WebhookOutcome.TooLarge, harness.Outcome(request, [.. Body, 1]));
        Assert.Equal(WebhookOutcome.TooLarge, harness.Verifier.Inspect(WebhookHarness.Id, request, Body.Length + 1).Outcome);
        Assert.True(harness.Verifier.Inspect(WebhookHarness.Id, request, Body.Length).NeedsBody);
    }

    [Fact]
    public void Provider_ThatNobodyKnows_LetsNothingPass()
    {
        var harness = new WebhookHarness(WebhookHarness.Define(WebhookScheme.GitHub));

        Assert.Equal(WebhookOutcome.Unknown, harness.Verifier.Inspect("other", new FakeRequest(), null).Outcome);
    }
}
