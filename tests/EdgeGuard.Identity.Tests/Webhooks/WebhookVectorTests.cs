using System.Diagnostics;
using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Identity.Webhooks;

namespace EdgeGuard.Identity.Tests.Webhooks;

/// <summary>Signatures that somebody else has made: those that providers publish, and those of the openssl command line.</summary>
public sealed class WebhookVectorTests
{
    private const string SlackBody =
        "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
        + "&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        + "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";

    [Fact]
    public void GitHub_ThePublishedExample_Verifies()
    {
        var harness = new WebhookHarness(WebhookHarness.Define(WebhookScheme.GitHub) with { Secrets = ["It's a Secret to Everybody"] });
        var request = new FakeRequest(("X-Hub-Signature-256", "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"));

        Assert.Equal(WebhookOutcome.Verified, harness.Outcome(request, "Hello, World!"u8.ToArray()));
    }

    [Fact]
    public void Slack_ThePublishedExample_Verifies()
    {
        var harness = new WebhookHarness(WebhookHarness.Define(WebhookScheme.Slack) with { Secrets = ["8f742231b10e8888abcd99yyyzzz85a5"] }, start: 1531420618);
        var request = new FakeRequest(
            ("X-Slack-Signature", "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"), ("X-Slack-Request-Timestamp", "1531420618"));

        Assert.Equal(WebhookOutcome.Verified, harness.Outcome(request, Encoding.ASCII.GetBytes(SlackBody)));
    }

    [Fact]
    public void StandardWebhooks_ThePublishedExample_Verifies()
    {
        var definition = WebhookHarness.Define(WebhookScheme.StandardWebhooks) with { Secrets = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"] };
        var harness = new WebhookHarness(definition, start: 1614265330);
        var request = new FakeRequest(
            ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
            ("webhook-timestamp", "1614265330"),
            ("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));

        Assert.Equal(WebhookOutcome.Verified, harness.Outcome(request, """{"test": 2432232314}"""u8.ToArray()));
    }

    [Theory]
    [InlineData(WebhookScheme.GitHub, "{0}", "X-Hub-Signature-256", "sha256=")]
    [InlineData(WebhookScheme.Stripe, "{1}.{0}", "Stripe-Signature", "t={1},v1=")]
    [InlineData(WebhookScheme.Slack, "v0:{1}:{0}", "X-Slack-Signature", "v0=")]
    public async Task Delivery_SignedByOpenSsl_Verifies(WebhookScheme scheme, string content, string header, string prefix)
    {
        const string Body = "{\"a\":\"\u00e9\u0000\"}";
        var harness = new WebhookHarness(WebhookHarness.Define(scheme));
        var code = await OpenSslAsync(string.Format(null, content, Body, harness.Now));
        var request = new FakeRequest((header, string.Format(null, prefix, Body, harness.Now) + code), ("X-Slack-Request-Timestamp", $"{harness.Now}"));

        Assert.Equal(WebhookOutcome.Verified, harness.Outcome(request, Encoding.UTF8.GetBytes(Body)));
    }

    private static async Task<string> OpenSslAsync(string content)
    {
        var start = new ProcessStartInfo("openssl", ["dgst", "-sha256", "-hmac", WebhookHarness.Secret, "-r"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        await process.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(content));
        process.StandardInput.Close();
        var answer = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return answer.Split(' ')[0];
    }
}
