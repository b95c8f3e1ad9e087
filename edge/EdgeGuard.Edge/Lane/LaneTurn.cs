namespace EdgeGuard.Edge.Lane;

/// <summary>What the lane makes of a request.</summary>
internal enum LaneTurn : byte
{
    /// <summary>Its answer is written.</summary>
    Answered,

    /// <summary>It is for the web server, and nothing has been done.</summary>
    Server,

    /// <summary>It is answered once its caller is known.</summary>
    Waits,
}
