
namespace EdgeGuard.Identity.Webhooks;

/// <summary>One provider's check of one request, between its head and its body.</summary>
public sealed class WebhookCheck
{
    internal WebhookCheck(string webhook, WebhookProvider? provider, PresentedSignature presented, byte[]?[] values)
    {
        Webhook = webhook;
        Provider = provider;
        Presented = presented;
        Values = values;
        Outcome = presented.Outcome;
    }

    /// <summary>Id of the provider.</summary>
    public string Webhook { get; }

    /// <summary>What came of it so far; <see cref="WebhookOutcome.Verified"/> means that the head is in order, until the body has been checked.</summary>
    public WebhookOutcome Outcome { get; internal set; }

    /// <summary>Whether the body has to be read.</summary>
    public bool NeedsBody => Outcome == WebhookOutcome.Verified;

    /// <summary>Largest body that is verified, in bytes.</summary>
    public int MaxBodyBytes => Provider?.Definition.MaxBodyBytes ?? 0;

    /// <summary>What lets the delivery go again; null unless it is verified.</summary>
    public Delivery? Delivery { get; internal set; }

    internal WebhookProvider? Provider { get; }

    internal PresentedSignature Presented { get; }

    internal byte[]?[] Values { get; }

    internal long TimestampMilliseconds { get; set; }

    internal System.Net.IPAddress? Client { get; set; }
}
