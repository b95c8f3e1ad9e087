namespace EdgeGuard.Engine.Decide;

/// <summary>The two readings of time that a decision needs, taken once a request by its door.</summary>
/// <param name="Nanoseconds">Monotonic, anchored to the wall clock when the process started: nanoseconds since the Unix epoch that never run
/// backwards and never jump within a process. What limits refill by.</param>
/// <param name="UnixMilliseconds">The wall clock: what expiries are compared with.</param>
public readonly record struct EngineTime(long Nanoseconds, long UnixMilliseconds);
