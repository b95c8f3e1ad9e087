using System.Collections.Immutable;
using EdgeGuard.Bundles.Diagnostics;

namespace EdgeGuard.Bundles.Reading;

/// <summary>What reading a text gave: a root when there is no error among the diagnostics.</summary>
/// <param name="Root">The document, or null when it could not be read.</param>
/// <param name="Diagnostics">All findings.</param>
public sealed record NodeReadResult(Node? Root, ImmutableArray<Diagnostic> Diagnostics);
