namespace EdgeGuard.Cli;

/// <summary>What the exit code tells a script.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;

    /// <summary>The command ran and found something wrong with what it was given.</summary>
    public const int Findings = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>Control plane or edge cannot be reached, or answers with nonsense.</summary>
    public const int Unreachable = 3;

    /// <summary>Control plane or edge refused, a signature did not hold, or the user said no.</summary>
    public const int Refused = 4;
}
