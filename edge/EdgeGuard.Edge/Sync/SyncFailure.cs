using EdgeGuard.Bundles.Diagnostics;

namespace EdgeGuard.Edge.Sync;

/// <summary>A session with the control plane could not be opened, or ended.</summary>
/// <param name="problem">Why, for people.</param>
/// <param name="isSlow">Trying again soon cannot help: somebody has to change something.</param>
/// <param name="retryAfter">How long the control plane asks to wait.</param>
/// <param name="inner">What it came from.</param>
/// <param name="endedWell">The control plane ended the stream in good order.</param>
internal sealed class SyncFailure(
    Diagnostic problem, bool isSlow = false, TimeSpan? retryAfter = null, Exception? inner = null, bool endedWell = false)
    : Exception(problem.Message, inner)
{
    public Diagnostic Problem { get; } = problem;

    public bool IsSlow { get; } = isSlow;

    public bool EndedWell { get; } = endedWell;

    public TimeSpan? RetryAfter { get; } = retryAfter;
}
