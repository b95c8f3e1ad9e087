namespace EdgeGuard.Edge.Lane;

/// <summary>What came of looking for a request in what has arrived.</summary>
internal enum LaneReading : byte
{
    /// <summary>A whole one is there, and nothing about it is unusual.</summary>
    Whole,

    /// <summary>Its beginning is there.</summary>
    Incomplete,

    /// <summary>It is for the web server, whether to answer or to refuse it.</summary>
    Unusual,
}
