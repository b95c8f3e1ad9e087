namespace EdgeGuard.Engine.Tests.Reference;

/// <summary>The numbers of one limit.</summary>
/// <param name="Quota">Burst, budget, limit or slots.</param>
/// <param name="Rate">Tokens a second of a bucket.</param>
/// <param name="Window">Length of a window in nanoseconds.</param>
/// <param name="Parts">Parts of a sliding window.</param>
internal sealed record ReferenceNumbers(decimal Quota, decimal Rate = 0, long Window = 0, int Parts = 0);
