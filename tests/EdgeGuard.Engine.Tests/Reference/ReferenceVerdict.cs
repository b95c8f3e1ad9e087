namespace EdgeGuard.Engine.Tests.Reference;

/// <summary>What the books say of a request.</summary>
/// <param name="Admitted">Whether every enforced rule agrees.</param>
/// <param name="DelayMilliseconds">Longest delay of the enforced rules.</param>
/// <param name="Marked">Whether an enforced rule marks.</param>
/// <param name="ShadowRefuses">Whether a shadow policy or a trial would have refused.</param>
/// <param name="Disagreements">Trials that say otherwise than their live limits.</param>
internal sealed record ReferenceVerdict(bool Admitted, int DelayMilliseconds, bool Marked, bool ShadowRefuses, int Disagreements);
