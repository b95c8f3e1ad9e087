namespace EdgeGuard.Options;

/// <summary>How TLS is spoken with an upstream (<c>clusters.NAME.tls</c>).</summary>
public sealed record UpstreamTlsOptions
{
    /// <summary>Name that its certificate must be for; empty for the destination's own.</summary>
    public string ServerName { get; init; } = string.Empty;

    /// <summary>Its authorities; empty for the system's.</summary>
    public string TrustFile { get; init; } = string.Empty;

    /// <summary>Certificate that the edge shows; empty for none.</summary>
    public string CertificateFile { get; init; } = string.Empty;

    /// <summary>Its key.</summary>
    public string KeyFile { get; init; } = string.Empty;
}
