namespace EdgeGuard.Edge.Bundles;

/// <summary>The last attempt to put a bundle in force.</summary>
/// <param name="At">When.</param>
/// <param name="Origin">Where the bundle came from.</param>
/// <param name="Result">What became of it.</param>
internal sealed record ActivationAttempt(DateTimeOffset At, string Origin, ActivationResult Result);
