namespace EdgeGuard.Bundles.Model;

/// <summary>One part of a webhook's signed content.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The text, or the header's name in lower case; empty for the others.</param>
public readonly record struct WebhookTemplatePart(WebhookPartKind Kind, string Text);
