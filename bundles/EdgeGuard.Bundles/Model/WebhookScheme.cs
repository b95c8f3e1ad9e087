namespace EdgeGuard.Bundles.Model;

/// <summary>How a provider signs its webhooks.</summary>
public enum WebhookScheme : byte
{
    GitHub,
    Stripe,
    Slack,
    StandardWebhooks,
    Generic,
}
