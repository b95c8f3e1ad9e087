using System.Text;
using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Identity.Webhooks;

/// <summary>A provider's secret as a key.</summary>
internal static class WebhookSecret
{
    /// <summary>Shortest key, in bytes: with less a signature could be found by trying.</summary>
    public const int MinBytes = 16;

    private const string StandardPrefix = "whsec_";

    /// <summary>Reads a resolved secret. Standard Webhooks writes the key in base64 after <c>whsec_</c>; everybody else takes the text itself.</summary>
    public static bool TryRead(WebhookScheme scheme, string text, out byte[] key)
    {
        if (scheme != WebhookScheme.StandardWebhooks)
        {
            key = Encoding.UTF8.GetBytes(text);
            return key.Length >= MinBytes;
        }

        var encoded = text.StartsWith(StandardPrefix, StringComparison.Ordinal) ? text[StandardPrefix.Length..] : text;
        key = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, key, out var length))
        {
            return false;
        }

        key = key[..length];
        return length >= MinBytes;
    }
}
