namespace EdgeGuard.Edge.Tls;

/// <summary>Diagnostic codes of certificates and authorities (EG323x).</summary>
internal static class TlsCodes
{
    public const string CertificateUnusable = "EG3230";
    public const string AuthoritiesUnusable = "EG3231";
}
