namespace EdgeGuard.Edge.Admin;

/// <summary>Codes of the admin socket.</summary>
internal static class AdminCodes
{
    /// <summary>The socket cannot be opened.</summary>
    public const string SocketRefused = "EG3290";

    /// <summary>Nothing lies at the address, or the method does not fit.</summary>
    public const string NotFound = "EG3291";

    /// <summary>The body cannot be read.</summary>
    public const string BodyRefused = "EG3292";

    /// <summary>A local kill switch is refused.</summary>
    public const string KillSwitchRefused = "EG3293";

    /// <summary>The edge has no control plane to send anything to.</summary>
    public const string Standalone = "EG3294";

    /// <summary>Nothing is kept of a decision.</summary>
    public const string DecisionNotKept = "EG3295";

    /// <summary>What is asked of the kept decisions is not understood.</summary>
    public const string ExplainRefused = "EG3296";
}
