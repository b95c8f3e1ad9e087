namespace EdgeGuard.Edge.Forwarding;

/// <summary>What came of looking for a response head in what has arrived.</summary>
internal enum HeadReading : byte
{
    /// <summary>A whole one is there.</summary>
    Whole,

    /// <summary>Its beginning is there.</summary>
    Incomplete,

    /// <summary>It breaks the rules.</summary>
    Malformed,
}
