namespace EdgeGuard.Engine.Counters;

/// <summary>What the word of a cell means. Persisted: never renumber.</summary>
internal enum CellKind : byte
{
    None = 0,

    /// <summary>Token bucket: the word is a <see cref="BucketWord"/>. Layout of the metadata: epoch.</summary>
    TokenBucket = 1,

    /// <summary>Use of one calendar window, in micro-units. Layout: expiry.</summary>
    Window = 2,

    /// <summary>Use of one part of a sliding window, in micro-units. Layout: expiry.</summary>
    WindowPart = 3,

    /// <summary>Requests in flight. Layout: expiry, at which a count of zero may be forgotten (at once).</summary>
    Concurrency = 4,

    /// <summary>Repeats of one request. Layout: expiry.</summary>
    Loop = 5,

    /// <summary>Spend or state of a circuit breaker. Layout: expiry.</summary>
    Breaker = 6,
}
