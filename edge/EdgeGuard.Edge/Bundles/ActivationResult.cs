using System.Collections.Immutable;
using EdgeGuard.Bundles.Diagnostics;

namespace EdgeGuard.Edge.Bundles;

/// <summary>What became of one attempt to put a bundle in force.</summary>
/// <param name="Applied">Whether it is in force now (also when it already was).</param>
/// <param name="Version">Its version, 0 when it could not be read.</param>
/// <param name="Digest">SHA-256 of its canonical JSON, lower-case hex; empty when it could not be read.</param>
/// <param name="Epoch">Epoch of the signed document, 0 for an unsigned one.</param>
/// <param name="Sequence">Sequence of the signed document, 0 for an unsigned one.</param>
/// <param name="Diagnostics">All findings; at least one error when it was not applied.</param>
internal sealed record ActivationResult(
    bool Applied, long Version, string Digest, long Epoch, long Sequence, ImmutableArray<Diagnostic> Diagnostics);
