namespace EdgeGuard.Edge.Exchanges;

/// <summary>How an admitted request went, as far as its limits care.</summary>
internal enum ExchangeOutcome : byte
{
    /// <summary>The upstream never saw it: what was reserved is given back.</summary>
    NotForwarded,

    /// <summary>The upstream may have seen it, and no answer of its is known: what was reserved stays charged.</summary>
    Forwarded,

    /// <summary>The upstream could not be reached, took too long or broke off before it answered: given back.</summary>
    Unreachable,

    /// <summary>The upstream answered that it has too much to do or cannot (502, 503, 504): given back.</summary>
    Overloaded,

    /// <summary>The upstream answered with another error: given back.</summary>
    Failed,

    /// <summary>The upstream answered, whole.</summary>
    Answered,

    /// <summary>The upstream broke off in the middle of its answer.</summary>
    BrokenOff,

    /// <summary>The client went away, or a kill switch ended it, while the upstream was at work.</summary>
    Abandoned,

    /// <summary>A connection that was upgraded (WebSocket) has closed: its duration says nothing of the upstream.</summary>
    Upgraded,

    /// <summary>A limit ended the stream of the answer.</summary>
    Cut,

    /// <summary>The upstream answered with a stream that cannot be read, and nothing of it was passed on.</summary>
    Unreadable,
}
