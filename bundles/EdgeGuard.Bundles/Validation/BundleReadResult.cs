using System.Collections.Immutable;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Reading;

namespace EdgeGuard.Bundles.Validation;

/// <summary>What reading a bundle gave.</summary>
/// <param name="Document">The bundle, or null when any diagnostic is an error.</param>
/// <param name="Root">The node tree, or null when the text could not be read at all.</param>
/// <param name="Diagnostics">All findings, in document order.</param>
public sealed record BundleReadResult(PolicyDocument? Document, Node? Root, ImmutableArray<Diagnostic> Diagnostics);
