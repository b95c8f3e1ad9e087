namespace EdgeGuard.Edge.Forwarding;

/// <summary>Why a request was not answered by its upstream.</summary>
internal enum ForwardFailure : byte
{
    /// <summary>It was.</summary>
    None,

    /// <summary>A kept connection had been closed, and the request may be sent again.</summary>
    Again,

    /// <summary>There is no destination.</summary>
    NoDestination,

    /// <summary>The upstream cannot be reached, or its answer cannot be read.</summary>
    Unreachable,

    /// <summary>The upstream took too long.</summary>
    TimedOut,

    /// <summary>The client went away.</summary>
    ClientGone,

    /// <summary>A kill switch or a revocation ended it.</summary>
    Killed,

    /// <summary>The request's body broke the rules, or came too slowly.</summary>
    BadBody,

    /// <summary>There was no room to wait.</summary>
    Shed,
}
