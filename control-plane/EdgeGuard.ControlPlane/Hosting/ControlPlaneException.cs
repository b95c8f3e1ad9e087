using EdgeGuard.Bundles.Diagnostics;

namespace EdgeGuard.ControlPlane.Hosting;

/// <summary>Why the process cannot start or a command cannot be done, as a diagnostic. Never holds a secret.</summary>
internal sealed class ControlPlaneException(string code, string message, string fix, Exception? inner = null) : Exception(message, inner)
{
    public Diagnostic Diagnostic { get; } = new(code, Severity.Error, SourceLocation.None, string.Empty, message, fix);
}
