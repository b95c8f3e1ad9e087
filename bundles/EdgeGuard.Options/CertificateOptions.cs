namespace EdgeGuard.Options;

/// <summary>A certificate that the edge shows to clients (<c>certificates.NAME</c>).</summary>
public sealed record CertificateOptions
{
    /// <summary>PEM with the chain, or PFX.</summary>
    public string File { get; init; } = string.Empty;

    /// <summary>PEM; empty with a PFX.</summary>
    public string KeyFile { get; init; } = string.Empty;

    public SecretText? Password { get; init; }
}
