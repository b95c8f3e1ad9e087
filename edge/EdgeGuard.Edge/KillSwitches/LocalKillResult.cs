using System.Collections.Immutable;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Edge.KillSwitches;

/// <summary>What became of a local kill switch.</summary>
/// <param name="Switch">The kill switch now in force, or no longer; null when it was refused or not found.</param>
/// <param name="Diagnostics">Errors refuse it; a warning says that it is in force but could not be kept.</param>
internal sealed record LocalKillResult(KillSwitchDefinition? Switch, ImmutableArray<Diagnostic> Diagnostics);
