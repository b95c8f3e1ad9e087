namespace EdgeGuard.Options;

/// <summary>How TLS is spoken with clients (<c>tls</c>).</summary>
public sealed record TlsOptions
{
    /// <summary>Whether TLS 1.2 is not enough (<c>min_version: "1.3"</c>).</summary>
    public bool Only13 { get; init; }

    /// <summary>Port that the redirecting listener sends clients to.</summary>
    public int RedirectPort { get; init; } = 443;

    /// <summary><c>off</c>, <c>optional</c> or <c>required</c>, for the proxy.</summary>
    public string ClientCertificates { get; init; } = "off";

    /// <summary>Authorities of clients of the proxy; empty for none.</summary>
    public string ClientTrustFile { get; init; } = string.Empty;

    /// <summary>Authorities of callers of the decision listener with TLS (<c>decision.client_trust_file</c>); empty to ask for no certificate.</summary>
    public string DecisionTrustFile { get; init; } = string.Empty;
}
