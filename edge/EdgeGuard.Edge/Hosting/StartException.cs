using System.Collections.Immutable;
using EdgeGuard.Bundles.Diagnostics;

namespace EdgeGuard.Edge.Hosting;

/// <summary>The edge cannot start; says everything that stands in the way.</summary>
internal sealed class StartException(ExitCode code, ImmutableArray<Diagnostic> diagnostics) : Exception("The edge cannot start.")
{
    public ExitCode Code { get; } = code;

    public ImmutableArray<Diagnostic> Diagnostics { get; } = diagnostics;
}
