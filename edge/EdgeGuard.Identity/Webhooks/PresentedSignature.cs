namespace EdgeGuard.Identity.Webhooks;

/// <summary>What the head of a request says of its signature.</summary>
/// <param name="Outcome"><see cref="WebhookOutcome.Verified"/> stands for: can be read.</param>
/// <param name="Candidates">Signatures, 32 bytes each; one that fits is enough.</param>
/// <param name="Timestamp">The time signed, as it was written; empty for none.</param>
internal readonly record struct PresentedSignature(WebhookOutcome Outcome, List<byte[]> Candidates, string Timestamp)
{
    /// <summary>Nothing that could be checked, for a reason.</summary>
    public static PresentedSignature Failed(WebhookOutcome outcome) => new(outcome, [], string.Empty);
}
