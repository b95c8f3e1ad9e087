namespace EdgeGuard.Edge.Forwarding;

/// <summary>How the end of a body is told (RFC 9112 section 6.3).</summary>
internal enum BodyFraming : byte
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>By its length.</summary>
    Length,

    /// <summary>By a last chunk.</summary>
    Chunked,

    /// <summary>By the end of the connection; for responses only.</summary>
    UntilClose,
}
