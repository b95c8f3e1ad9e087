namespace EdgeGuard.ControlPlane.Data;

/// <summary>An edge and what it last acknowledged.</summary>
internal sealed class EdgeRow : IOrganizationOwned
{
    public string Id { get; set; } = string.Empty;

    public string OrganizationId { get; set; } = string.Empty;

    public string KeyId { get; set; } = string.Empty;

    public string LabelsCipher { get; set; } = string.Empty;

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? LastSeenAt { get; set; }

    public string EdgeVersion { get; set; } = string.Empty;

    public long BundleVersion { get; set; }

    public string BundleDigest { get; set; } = string.Empty;

    public long KillSequence { get; set; }

    public long ClockSkewMs { get; set; }

    public string ProblemsCipher { get; set; } = string.Empty;
}
