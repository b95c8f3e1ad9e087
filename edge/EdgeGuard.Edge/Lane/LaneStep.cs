namespace EdgeGuard.Edge.Lane;

/// <summary>How a connection goes on.</summary>
internal enum LaneStep : byte
{
    /// <summary>With what arrives next.</summary>
    Read,

    /// <summary>With what is there already, once the answers so far are on their way.</summary>
    Continue,

    /// <summary>With the answer to the request that was read last, once its caller is known.</summary>
    Wait,

    /// <summary>With the web server, which gets the unanswered request whole.</summary>
    HandOver,

    /// <summary>Not at all.</summary>
    Close,
}
