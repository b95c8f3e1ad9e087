namespace EdgeGuard.Edge.Forwarding;

/// <summary>How far a request's body has come.</summary>
internal enum UploadEnd : byte
{
    /// <summary>It is on its way.</summary>
    Open,

    /// <summary>All of it has come, and was sent on as far as anybody wanted it.</summary>
    Whole,

    /// <summary>The client went away in the middle.</summary>
    ClientGone,

    /// <summary>It breaks the rules.</summary>
    Malformed,

    /// <summary>It comes too slowly.</summary>
    TooSlow,

    /// <summary>Nobody waits for the rest.</summary>
    Cancelled,
}
