namespace EdgeGuard.ControlPlane.Data;

/// <summary>A published version; never changed (triggers).</summary>
internal sealed class BundleVersionRow : IOrganizationOwned
{
    public string OrganizationId { get; set; } = string.Empty;

    public long Version { get; set; }

    public string Digest { get; set; } = string.Empty;

    public string ContentDigest { get; set; } = string.Empty;

    public byte[] Document { get; set; } = [];

    public string AuthorId { get; set; } = string.Empty;

    public string Message { get; set; } = string.Empty;

    public DateTimeOffset PublishedAt { get; set; }

    public DateTimeOffset? ExpiresAt { get; set; }
}
