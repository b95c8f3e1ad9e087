namespace EdgeGuard.Edge.Hosting;

/// <summary>Exit codes of the edge, as of the whole product.</summary>
internal enum ExitCode
{
    Ok = 0,

    /// <summary>A health check that found the edge not to be well.</summary>
    Findings = 1,

    /// <summary>The options are wrong.</summary>
    Usage = 2,

    /// <summary>An address cannot be listened on, or nobody answers there.</summary>
    Unreachable = 3,

    /// <summary>The bundle or the state directory is refused.</summary>
    Refused = 4,
}
