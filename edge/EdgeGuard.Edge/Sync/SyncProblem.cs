using EdgeGuard.Bundles.Diagnostics;

namespace EdgeGuard.Edge.Sync;

/// <summary>Makes the diagnostics of this part.</summary>
internal static class SyncProblem
{
    /// <summary>An error without a place.</summary>
    public static Diagnostic Error(string code, string message, string fix) =>
        new(code, Severity.Error, SourceLocation.None, string.Empty, message, fix);

    /// <summary>A warning without a place.</summary>
    public static Diagnostic Warning(string code, string message, string fix) =>
        new(code, Severity.Warning, SourceLocation.None, string.Empty, message, fix);
}
