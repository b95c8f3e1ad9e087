using EdgeGuard.Bundles.Diagnostics;

namespace EdgeGuard.Edge.Sync;

/// <summary>A session with the control plane could not be opened, or ended.</summary>
/// <param name="problem">Why, for people.</param>
/// <param name="isSlow">Trying again soon cannot help: somebody has to change something.</param>
/// <param name="retryAfter">How long the control plane asks to wait.</param>
/// <param name="inner">What it came from.</param>
internal sealed class SyncFailure(Diagnostic problem, bool isSlow = false, TimeSpan? retryAfter = null, Exception? inner = null)
    : Exception(problem.Message, inner)
{
    public Diagnostic Problem { get; } = problem;

    public bool IsSlow { get; } = isSlow;

    public TimeSpan? RetryAfter { get; } = retryAfter;
}
