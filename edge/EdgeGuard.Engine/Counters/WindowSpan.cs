namespace EdgeGuard.Engine.Counters;

/// <summary>One window: from its start to before its end, in nanoseconds since the Unix epoch.</summary>
/// <param name="StartNanoseconds">Start; also what tells one window from another in a counter's name.</param>
/// <param name="EndNanoseconds">End.</param>
internal sealed record WindowSpan(long StartNanoseconds, long EndNanoseconds);
