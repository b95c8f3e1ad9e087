namespace EdgeGuard.Bundles.Model;

/// <summary>Headers that make browsers stricter. Of each null leaves what is above it in force (the bundle's, then the default), and an empty text removes it.</summary>
public sealed record SecurityHeadersDefinition
{
    /// <summary><c>Strict-Transport-Security</c> (RFC 6797); sent over TLS only.</summary>
    public string? StrictTransportSecurity { get; init; }

    /// <summary><c>Content-Security-Policy</c>.</summary>
    public string? ContentSecurityPolicy { get; init; }

    /// <summary><c>X-Content-Type-Options</c>.</summary>
    public string? ContentTypeOptions { get; init; }

    /// <summary><c>X-Frame-Options</c> (RFC 7034).</summary>
    public string? FrameOptions { get; init; }

    /// <summary><c>Referrer-Policy</c>.</summary>
    public string? ReferrerPolicy { get; init; }

    /// <summary><c>Permissions-Policy</c>.</summary>
    public string? PermissionsPolicy { get; init; }
}
