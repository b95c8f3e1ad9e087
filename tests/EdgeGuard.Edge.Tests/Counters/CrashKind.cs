namespace EdgeGuard.Edge.Tests.Counters;

/// <summary>What a key of the crash test is counted by.</summary>
internal enum CrashKind
{
    /// <summary>A large token bucket that all rounds share, the lower level of a hierarchy.</summary>
    Hot,

    /// <summary>Tokens of a model: reserved, and partly given back when the request is settled.</summary>
    Tokens,

    /// <summary>A budget of a window longer than the test.</summary>
    Budget,

    /// <summary>A sliding window.</summary>
    Sliding,

    /// <summary>Loop detection, anew in each round.</summary>
    Loop,

    /// <summary>A circuit breaker that stays open, anew in each round.</summary>
    Breaker,

    /// <summary>No key to ask for: under it is recorded that the breaker before it was seen open.</summary>
    Opened,

    /// <summary>A small token bucket that nobody has asked for before, in each round, with the numbers of a plan.</summary>
    Cold,
}
