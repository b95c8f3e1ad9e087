using System.Collections.Immutable;

namespace EdgeGuard.Bundles.Model;

/// <summary>A provider that delivers webhooks. Fields that are null are the scheme's own.</summary>
public sealed record WebhookDefinition
{
    /// <summary>Unique.</summary>
    public required string Id { get; init; }

    public required WebhookScheme Scheme { get; init; }

    /// <summary>Secrets by reference until the edge has resolved them; several during rotation.</summary>
    public ImmutableArray<string> Secrets { get; init; } = [];

    /// <summary>Header of the signature, lower case.</summary>
    public string? SignatureHeader { get; init; }

    /// <summary>Header of the time signed, lower case.</summary>
    public string? TimestampHeader { get; init; }

    /// <summary>Header that tells deliveries apart, lower case.</summary>
    public string? DeliveryIdHeader { get; init; }

    /// <summary>What is signed, such as <c>{timestamp}.{body}</c>.</summary>
    public string? SignedContent { get; init; }

    /// <summary><c>hex</c> or <c>base64</c>.</summary>
    public string? Encoding { get; init; }

    /// <summary>Text before the signature, such as <c>sha256=</c>.</summary>
    public string? Prefix { get; init; }

    /// <summary>Oldest and newest time accepted.</summary>
    public TimeSpan Tolerance { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a delivery is remembered.</summary>
    public TimeSpan ReplayWindow { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Largest body that is verified, in bytes.</summary>
    public int MaxBodyBytes { get; init; } = 1024 * 1024;
}
