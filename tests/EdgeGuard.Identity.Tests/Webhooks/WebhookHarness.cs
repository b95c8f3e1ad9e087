using System.Security.Cryptography;
using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Identity.Webhooks;
using EdgeGuard.Testing;

namespace EdgeGuard.Identity.Tests.Webhooks;

/// <summary>One provider, and deliveries signed by the rules that the provider publishes.</summary>
internal sealed class WebhookHarness
{
    public const string Id = "hook";
    public const string Secret = "0123456789abcdef0123456789abcdef";

    public static readonly string StandardSecret = "whsec_" + Convert.ToBase64String(Encoding.ASCII.GetBytes(Secret));

    private readonly FailureLimiter _failures;

    public WebhookHarness(WebhookDefinition definition, int capacity = 1024, int failureBurst = 0, long? start = null)
    {
        Time = start is { } seconds ? new TestTimeProvider(DateTimeOffset.FromUnixTimeSeconds(seconds)) : new TestTimeProvider();
        _failures = new FailureLimiter(failureBurst, 1, Time);
        Verifier = new WebhookVerifier(Time, _failures, capacity);
        Verifier.Use([definition]);
    }

    public TestTimeProvider Time { get; }

    public WebhookVerifier Verifier { get; }

    public long Now => Time.GetUtcNow().ToUnixTimeSeconds();

    public static WebhookDefinition Define(WebhookScheme scheme) => new()
    {
        Id = Id,
        Scheme = scheme,
        Secrets = [scheme == WebhookScheme.StandardWebhooks ? StandardSecret : Secret],
        SignatureHeader = scheme == WebhookScheme.Generic ? "x-signature" : null,
        TimestampHeader = scheme == WebhookScheme.Generic ? "x-time" : null,
        DeliveryIdHeader = scheme == WebhookScheme.Generic ? "x-id" : null,
        SignedContent = scheme == WebhookScheme.Generic ? "{id}|{timestamp}|{header:x-topic}|{body}" : null,
        Prefix = scheme == WebhookScheme.Generic ? "s=" : null,
        Encoding = scheme == WebhookScheme.Generic ? "base64" : null,
    };

    /// <summary>A signed delivery.</summary>
    public static FakeRequest Sign(WebhookScheme scheme, byte[] body, long time, string id = "msg_1", string secret = Secret) => scheme switch
    {
        WebhookScheme.GitHub => new FakeRequest(("X-Hub-Signature-256", "sha256=" + Hex(Mac(secret, body)))),
        WebhookScheme.Stripe => new FakeRequest(("Stripe-Signature", $"t={time},v1={Hex(Mac(secret, Joined($"{time}.", body)))},v0=00")),
        WebhookScheme.Slack => new FakeRequest(
            ("X-Slack-Signature", "v0=" + Hex(Mac(secret, Joined($"v0:{time}:", body)))), ("X-Slack-Request-Timestamp", $"{time}")),
        WebhookScheme.StandardWebhooks => new FakeRequest(
            ("webhook-id", id), ("webhook-timestamp", $"{time}"), ("webhook-signature", "v1," + Convert.ToBase64String(Mac(secret, Joined($"{id}.{time}.", body))))),
        _ => new FakeRequest(
            ("X-Id", id), ("X-Time", $"{time}"), ("X-Topic", "orders"), ("X-Signature", "s=" + Convert.ToBase64String(Mac(secret, Joined($"{id}|{time}|orders|", body))))),
    };

    public static byte[] Mac(string secret, byte[] content) => HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), content);

    public static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    public static byte[] Joined(string head, byte[] body) => [.. Encoding.UTF8.GetBytes(head), .. body];

    public WebhookCheck Check(IIncomingRequest request, byte[] body)
    {
        var check = Verifier.Inspect(Id, request, declaredLength: null);
        Verifier.Verify(check, body);
        return check;
    }

    public WebhookOutcome Outcome(IIncomingRequest request, byte[] body) => Check(request, body).Outcome;
}
