namespace EdgeGuard.Edge.Lane;

/// <summary>What serves the connections of a listener in front of the web server.</summary>
internal enum LaneKind : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Answers of a decision door.</summary>
    Decision,

    /// <summary>Requests that are forwarded.</summary>
    Proxy,
}
