namespace EdgeGuard.Identity.Webhooks;

/// <summary>Names of outcomes, for metrics.</summary>
public static class WebhookOutcomes
{
    /// <summary>The outcome as a word.</summary>
    public static string Name(WebhookOutcome outcome) => outcome switch
    {
        WebhookOutcome.None => "none",
        WebhookOutcome.Verified => "verified",
        WebhookOutcome.Malformed => "malformed",
        WebhookOutcome.OutOfTime => "out_of_time",
        WebhookOutcome.BadSignature => "bad_signature",
        WebhookOutcome.TooLarge => "too_large",
        WebhookOutcome.NoBody => "no_body",
        WebhookOutcome.Replayed => "replayed",
        WebhookOutcome.Full => "full",
        WebhookOutcome.TooManyFailures => "too_many_failures",
        _ => "unknown",
    };
}
