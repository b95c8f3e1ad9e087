using System.Collections.Immutable;

namespace EdgeGuard.Bundles.Model;

/// <summary>Callers known by their certificate.</summary>
public sealed record ClientCertificatesDefinition
{
    /// <summary>PEM file with the accepted authorities.</summary>
    public required string TrustFile { get; init; }

    /// <summary>Accepted SPIFFE trust domains; empty for any.</summary>
    public ImmutableArray<string> SpiffeDomains { get; init; } = [];

    /// <summary>Accepted subjects, as RFC 4514 text; empty for any.</summary>
    public ImmutableArray<string> Subjects { get; init; } = [];
}
