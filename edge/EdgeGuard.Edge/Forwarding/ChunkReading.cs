namespace EdgeGuard.Edge.Forwarding;

/// <summary>What came of reading chunks in what has arrived.</summary>
internal enum ChunkReading : byte
{
    /// <summary>Some data; there may be more.</summary>
    Data,

    /// <summary>All that is there has been read.</summary>
    Incomplete,

    /// <summary>The body is over.</summary>
    End,

    /// <summary>It breaks the rules.</summary>
    Malformed,
}
