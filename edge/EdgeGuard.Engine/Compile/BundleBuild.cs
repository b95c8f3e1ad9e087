using System.Collections.Immutable;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Testing;

namespace EdgeGuard.Engine.Compile;

/// <summary>What building a bundle gave; <see cref="Policy"/> is null when anything refuses it.</summary>
public sealed record BundleBuild
{
    public CompiledPolicy? Policy { get; init; }

    /// <summary>The document, present even when only its tests failed.</summary>
    public PolicyDocument? Document { get; init; }

    /// <summary>Canonical JSON of the document; empty when it could not be read.</summary>
    public ReadOnlyMemory<byte> CanonicalJson { get; init; }

    /// <summary>SHA-256 of <see cref="CanonicalJson"/>, lower-case hex.</summary>
    public string Digest { get; init; } = string.Empty;

    public ImmutableArray<Diagnostic> Diagnostics { get; init; } = [];

    /// <summary>Outcome of each of the bundle's own tests; a failed one is a diagnostic too.</summary>
    public ImmutableArray<PolicyTestOutcome> Tests { get; init; } = [];
}
