using EdgeGuard.Bundles.Diagnostics;

namespace EdgeGuard.Edge.State;

/// <summary>State could not be opened or written; says why and what to do.</summary>
internal sealed class StateException(Diagnostic diagnostic, Exception? inner = null) : IOException(diagnostic.Message, inner)
{
    public Diagnostic Diagnostic { get; } = diagnostic;
}
