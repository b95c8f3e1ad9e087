namespace EdgeGuard.Edge.Sync;

/// <summary>How the connection to the control plane is.</summary>
internal enum ConnectionState
{
    /// <summary>There is no control plane: a standalone edge.</summary>
    Standalone,

    /// <summary>A session is being opened.</summary>
    Connecting,

    /// <summary>The directive stream is open and has proven itself by a verified directive.</summary>
    Connected,

    /// <summary>The last attempt failed; the next one is being waited for.</summary>
    Waiting,
}
