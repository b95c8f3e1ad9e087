namespace EdgeGuard.Edge.Lane;

/// <summary>What a connection of the lane goes on with.</summary>
internal enum LaneWants : byte
{
    /// <summary>What arrives next.</summary>
    Read,

    /// <summary>The client taking answers again.</summary>
    Write,

    /// <summary>Nothing of the connection: it waits until a caller is known.</summary>
    Nothing,

    /// <summary>The web server, which gets the unanswered request whole.</summary>
    HandOver,

    /// <summary>Its end.</summary>
    Close,
}
