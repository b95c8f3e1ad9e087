using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Conformance.Tests.Support;

/// <summary>The suite's webhook providers: every delivery is one of its own.</summary>
internal static class WebhookSigner
{
    /// <summary>Variable that the suite's bundles refer to.</summary>
    public const string Variable = "CONFORMANCE_WEBHOOK";

    /// <summary>The secret; also base64, as Standard Webhooks writes it.</summary>
    public const string Secret = "Y29uZm9ybWFuY2Ugd2ViaG9vayBzZWNyZXQ=";

    private static int _deliveries;

    /// <summary>Body of a new delivery.</summary>
    public static string NewBody() => string.Create(CultureInfo.InvariantCulture, $"{{\"delivery\":{Interlocked.Increment(ref _deliveries)}}}");

    /// <summary>Headers of a delivery; of an invalid one those of every scheme, made with another secret.</summary>
    public static IEnumerable<(string Name, string Value)> Headers(string webhook, string body, DateTimeOffset now)
    {
        var time = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        if (webhook != PolicyTestRequest.InvalidDelivery)
        {
            return Headers(webhook, body, time, Encoding.UTF8.GetBytes(Secret), Convert.FromBase64String(Secret));
        }

        var other = RandomNumberGenerator.GetBytes(32);
        return ((string[])["github", "stripe", "slack", "standard"]).SelectMany(each => Headers(each, body, time, other, other));
    }

    private static (string Name, string Value)[] Headers(string webhook, string body, string time, byte[] key, byte[] decodedKey) => webhook switch
    {
        "github" => [("X-Hub-Signature-256", "sha256=" + Hex(key, body))],
        "stripe" => [("Stripe-Signature", $"t={time},v1={Hex(key, $"{time}.{body}")}")],
        "slack" => [("X-Slack-Request-Timestamp", time), ("X-Slack-Signature", "v0=" + Hex(key, $"v0:{time}:{body}"))],
        _ =>
        [
            ("webhook-id", "msg_" + Hex(key, body)),
            ("webhook-timestamp", time),
            ("webhook-signature", "v1," + Convert.ToBase64String(Mac(decodedKey, $"msg_{Hex(key, body)}.{time}.{body}"))),
        ],
    };

    private static string Hex(byte[] key, string text) => Convert.ToHexStringLower(Mac(key, text));

    private static byte[] Mac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
