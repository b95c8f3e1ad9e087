using System.Collections.Immutable;
using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Identity.Replays;

namespace EdgeGuard.Identity.Webhooks;

/// <summary>A provider ready to verify: keys, headers and what is signed, its scheme's own where the bundle says nothing. Immutable.</summary>
internal sealed class WebhookProvider
{
    private WebhookProvider(WebhookDefinition definition, ImmutableArray<byte[]> keys, AgeLimit tolerance)
    {
        Definition = definition;
        Tolerance = tolerance;
        Keys = keys;
        var template = definition.Scheme switch
        {
            WebhookScheme.GitHub => "{body}",
            WebhookScheme.Stripe => "{timestamp}.{body}",
            WebhookScheme.Slack => "v0:{timestamp}:{body}",
            WebhookScheme.StandardWebhooks => "{id}.{timestamp}.{body}",
            _ => definition.SignedContent ?? string.Empty,
        };
        _ = WebhookTemplate.TryParse(template, out var parts, out _);
        Parts = parts;
        Prefix = definition.Prefix ?? string.Empty;
        IsHex = definition.Encoding != "base64";
        SignatureHeader = definition.SignatureHeader ?? definition.Scheme switch
        {
            WebhookScheme.GitHub => "x-hub-signature-256",
            WebhookScheme.Stripe => "stripe-signature",
            WebhookScheme.Slack => "x-slack-signature",
            _ => "webhook-signature",
        };
        TimestampHeader = definition.TimestampHeader ?? definition.Scheme switch
        {
            WebhookScheme.Slack => "x-slack-request-timestamp",
            WebhookScheme.StandardWebhooks => "webhook-timestamp",
            _ => null,
        };
        IdHeader = definition.DeliveryIdHeader ?? (definition.Scheme == WebhookScheme.StandardWebhooks ? "webhook-id" : null);
        IsTimed = parts.Any(part => part.Kind == WebhookPartKind.Timestamp);
    }

    public WebhookDefinition Definition { get; }

    /// <summary>How far signed times may be from now, by that time.</summary>
    public AgeLimit Tolerance { get; }

    /// <summary>Keys, one for each secret.</summary>
    public ImmutableArray<byte[]> Keys { get; }

    /// <summary>What is signed.</summary>
    public ImmutableArray<WebhookTemplatePart> Parts { get; }

    public string SignatureHeader { get; }

    /// <summary>Header of the time signed; null when it stands elsewhere or is not signed.</summary>
    public string? TimestampHeader { get; }

    /// <summary>Header of the signed delivery id, or null.</summary>
    public string? IdHeader { get; }

    public string Prefix { get; }

    public bool IsHex { get; }

    /// <summary>Whether a time is signed.</summary>
    public bool IsTimed { get; }

    /// <summary>Makes one of a definition whose secrets are resolved; false when a secret is none.</summary>
    public static bool TryCreate(WebhookDefinition definition, AgeLimit tolerance, out WebhookProvider? provider)
    {
        var keys = ImmutableArray.CreateBuilder<byte[]>(definition.Secrets.Length);
        foreach (var secret in definition.Secrets)
        {
            if (!WebhookSecret.TryRead(definition.Scheme, secret, out var key))
            {
                provider = null;
                return false;
            }

            keys.Add(key);
        }

        provider = keys.Count == 0 ? null : new WebhookProvider(definition, keys.MoveToImmutable(), tolerance);
        return provider is not null;
    }

    /// <summary>Reads what a request's head says; the parts of what is signed are put into <paramref name="values"/>, null for the body.</summary>
    public PresentedSignature Read(IIncomingRequest request, out byte[]?[] values)
    {
        values = new byte[]?[Parts.Length];
        if (request.CountOf(SignatureHeader) > 1)
        {
            return PresentedSignature.Failed(WebhookOutcome.Malformed);
        }

        var presented = SignatureReader.Read(Definition.Scheme, request.FirstOf(SignatureHeader), Prefix, IsHex);
        if (presented.Outcome != WebhookOutcome.Verified)
        {
            return presented;
        }

        if (IsTimed && Definition.Scheme != WebhookScheme.Stripe)
        {
            presented = presented with { Timestamp = OneOf(request, TimestampHeader) ?? string.Empty };
        }

        for (var i = 0; i < Parts.Length; i++)
        {
            var part = Parts[i];
            var text = part.Kind switch
            {
                WebhookPartKind.Text => part.Text,
                WebhookPartKind.Timestamp => presented.Timestamp,
                WebhookPartKind.Id => OneOf(request, IdHeader),
                WebhookPartKind.Header => OneOf(request, part.Text),
                _ => string.Empty,
            };

            // A value that holds what parts it from the next could lend to it, and the signature would still fit.
            if (text is null || (part.Kind >= WebhookPartKind.Timestamp && (text.Length == 0 || HoldsNext(text, i))))
            {
                return PresentedSignature.Failed(WebhookOutcome.Malformed);
            }

            values[i] = part.Kind == WebhookPartKind.Body ? null : Encoding.UTF8.GetBytes(text);
        }

        return presented;
    }

    private bool HoldsNext(string text, int part) => part + 1 < Parts.Length && text.Contains(Parts[part + 1].Text, StringComparison.Ordinal);

    // Of a header that is sent twice nobody can tell which is meant.
    private static string? OneOf(IIncomingRequest request, string? header) =>
        header is not null && request.CountOf(header) == 1 ? request.FirstOf(header) : null;
}
