using EdgeGuard.Bundles.Diagnostics;

namespace EdgeGuard.Bundles.Signing;

/// <summary>What the <see cref="RollbackGuard"/> says about one document.</summary>
/// <param name="Verdict">Whether it may be taken into use.</param>
/// <param name="Mark">The mark to keep: raised when newer, the old one otherwise.</param>
/// <param name="Problem">Why it is refused, or null.</param>
public readonly record struct RollbackResult(RollbackVerdict Verdict, HighWaterMark Mark, Diagnostic? Problem);
