namespace EdgeGuard.Engine.Compile;

/// <summary>What a compiled limit counts.</summary>
internal enum LimitKind : byte
{
    TokenBucket,
    Budget,
    SlidingWindow,
    Concurrency,
    Loop,
    Breaker,
    Adaptive,
}
