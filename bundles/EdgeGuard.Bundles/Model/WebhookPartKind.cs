namespace EdgeGuard.Bundles.Model;

/// <summary>What a part of a webhook's signed content is.</summary>
public enum WebhookPartKind : byte
{
    /// <summary>Text as it stands.</summary>
    Text,

    /// <summary>The body, byte for byte.</summary>
    Body,

    /// <summary>The time signed.</summary>
    Timestamp,

    /// <summary>The delivery's id.</summary>
    Id,

    /// <summary>The value of a header.</summary>
    Header,
}
