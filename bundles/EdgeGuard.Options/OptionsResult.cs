using System.Collections.Immutable;
using EdgeGuard.Bundles.Diagnostics;

namespace EdgeGuard.Options;

/// <summary>What loading options gave.</summary>
/// <param name="Options">The options, or null when any diagnostic is an error.</param>
/// <param name="Diagnostics">All problems at once.</param>
/// <param name="Effective">Every option with what is in force and where it comes from, secrets hidden; also when there are errors.</param>
public sealed record OptionsResult<T>(T? Options, ImmutableArray<Diagnostic> Diagnostics, ImmutableArray<EffectiveOption> Effective)
    where T : class;
