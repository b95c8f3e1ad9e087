using EdgeGuard.Bundles.Diagnostics;

namespace EdgeGuard.Engine.Testing;

/// <summary>Outcome of one policy test.</summary>
/// <param name="Name">The test.</param>
/// <param name="Passed">Whether every step gave what was expected.</param>
/// <param name="Failures">What differed, one diagnostic each.</param>
public sealed record PolicyTestOutcome(string Name, bool Passed, System.Collections.Immutable.ImmutableArray<Diagnostic> Failures);
